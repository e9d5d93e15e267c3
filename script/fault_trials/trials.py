"""What is broken, in which stage of a turn."""

from .clock_jumps import HOUSE_JUMPS, KITCHEN_JUMPS
from .crowd import fifty_talk, fifty_wake
from .keeping import disk_fails, disk_fills, house_dies_listening, house_dies_streaming
from .outcome import Trial
from .rooms import cable_is_pulled, satellite_dies, two_hear_it, wifi_flaps
from .speaking import speech_dies_listening, speech_dies_speaking, speech_is_pulled
from .thinking import model_dies_mid_sentence, model_refuses, model_stalls

TRIALS: dict[str, Trial] = {
    "model server gone": Trial(run=model_refuses),
    "model stalls before the first word": Trial(run=model_stalls),
    "model dies mid-sentence": Trial(run=model_dies_mid_sentence),
    "speech server dies while she speaks": Trial(run=speech_dies_speaking, kills=True),
    "speech server's cable pulled while she speaks": Trial(run=speech_is_pulled),
    "speech server dies while somebody speaks": Trial(run=speech_dies_listening, kills=True),
    "satellite killed while it listens": Trial(run=satellite_dies, kills=True),
    "cable pulled for 8 s": Trial(run=cable_is_pulled),
    "Wi-Fi flaps for 10 s": Trial(run=wifi_flaps),
    "two satellites wake at once": Trial(run=two_hear_it),
    "disk full in the middle of an answer": Trial(
        run=disk_fills, missing=lambda home: home.disk.cannot_fill
    ),
    "disk fails in the middle of an answer": Trial(
        run=disk_fails, kills=True, missing=lambda home: home.disk.cannot_break
    ),
    **{
        f"Home Assistant's clock jumps {how}": Trial(
            run=run, clocks=True, missing=lambda home: home.house_clock.missing
        )
        for how, run in HOUSE_JUMPS.items()
    },
    **{
        f"the satellite's clock jumps {how}": Trial(
            run=run, clocks=True, missing=lambda home: home.kitchen_clock.missing
        )
        for how, run in KITCHEN_JUMPS.items()
    },
    "Home Assistant killed while streaming": Trial(run=house_dies_streaming, kills=True),
    "Home Assistant killed while somebody speaks, then the satellite": Trial(
        run=house_dies_listening, kills=True
    ),
    "fifty satellites hear one word": Trial(run=fifty_wake, once=True),
    "fifty satellites talk on two cores": Trial(run=fifty_talk, once=True),
}
