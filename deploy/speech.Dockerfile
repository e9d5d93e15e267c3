# The speech server for any machine with containers. Build it from the repository's root:
#   docker build -f deploy/speech.Dockerfile -t waifu-speech .
#   docker run --network host -v waifu-speech:/data waifu-speech
# Its network is the host's, so that Home Assistant finds it; the pairing key stands in its log.
FROM debian:trixie-slim
RUN apt-get update -qq \
    && apt-get install -yqq --no-install-recommends espeak-ng flite libgomp1 python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --home-dir /data --create-home speech
COPY satellite /src
RUN python3 -m venv /opt/waifu \
    && /opt/waifu/bin/pip install --no-cache-dir "/src[commands,piper,whisper]" \
    && rm -rf /src
USER speech
ENV HOME=/data
VOLUME /data
EXPOSE 10720
ENTRYPOINT ["/opt/waifu/bin/waifu-speech"]
