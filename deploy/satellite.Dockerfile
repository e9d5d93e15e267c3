# The satellite for any machine with containers and a sound card. Build it from the repository's root:
#   docker build -f deploy/satellite.Dockerfile -t waifu-satellite .
#   docker run --network host --device /dev/snd --group-add audio -v waifu-satellite:/data waifu-satellite
# Its network is the host's, so that Home Assistant finds it; the pairing key stands in its log.
FROM debian:trixie-slim
RUN apt-get update -qq \
    && apt-get install -yqq --no-install-recommends \
        alsa-utils libportaudio2 libspeexdsp1 python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --home-dir /data --create-home --groups audio satellite
COPY satellite /src
RUN python3 -m venv /opt/waifu \
    && /opt/waifu/bin/pip install --no-cache-dir "/src[room,small]" \
    && rm -rf /src
USER satellite
ENV HOME=/data
VOLUME /data
EXPOSE 10700
ENTRYPOINT ["/opt/waifu/bin/waifu-satellite"]
CMD ["run", "--mic", "alsa", "--speaker", "alsa"]
