"""What the card and the page do, the tests that prove it, and the figures that measure it."""

from . import Bullet

BULLETS = (
    Bullet(
        does="Layouts, sizes, themes, right to left",
        tests=(
            "browser/card: in %s",
            "browser/card: each text runs as its own words do, also where scripts are mixed",
            "house/pages: axe-core finds no violation (%s, %s, %i px)",
            "house/pages: fits into 320 px, with German words",
            "director/director: breathes and sways, but far less for those who asked for calm",
        ),
    ),
    Bullet(
        does="Visual editor, stub, suggestion, cheap preview",
        tests=(
            "house/editor: has our fields, shows what they change, and axe-core finds nothing in it",
            "card/card: has an editor whose every field has words",
            "card/card: of a picked card is valid and has a size",
            "card/card: is offered in the card picker once",
            "card/card: a preview in the picker asks Home Assistant for nothing",
        ),
    ),
    Bullet(
        does="Keyboard and screen reader",
        tests=(
            "browser/talk: is used with the keyboard alone, in a sensible order",
            "house/pages: is reached with the keyboard alone",
            "card/card: reads the whole reply out once it is over, not piece by piece",
            "card/card: held in the card is the microphone, in a text it is a space",
        ),
    ),
    Bullet(
        does="Streamed text with the spoken word marked; cancel",
        tests=(
            "browser/talk: is written, streamed, spoken on the sound's clock, and reported",
            "browser/talk: ends at once with Escape: sound, mouth and house",
            "browser/talk: keeps the spoken word in sight, and leaves alone who reads elsewhere",
            "card/card: shows a reply as it is written, with the word that sounds",
            "card/card: stops her with Escape, and with the button",
            "card/subtitle: the spoken word stands in its line",
        ),
        figures=("key_to_character_ms", "delta_to_paint_ms"),
    ),
    Bullet(
        does="Answered anew, edited, branches, copy, spoken again, times",
        tests=(
            "card/said-before: carries its time, with the day where it is not today's",
            "card/said-before: can be changed and asked again",
            "card/said-before: is answered anew, and spoken again",
            "card/said-before: has arrows to the versions beside it",
            "card/said-before: is copied as it stands",
            "test_answer_is_spoken_again_and_not_stored_again",
        ),
    ),
    Bullet(
        does="What was recalled, tools, their pictures",
        tests=(
            "browser/card: has a receipt, what was remembered, its tools, and pictures of this house only",
            "card/tool-images: pictures are found anywhere in what a tool gave",
            "card/tool-images: whatever a tool gives, nothing is fetched from elsewhere",
            "test_tools_of_an_agent_are_shown_and_kept",
        ),
    ),
    Bullet(
        does="Push to talk, tap to talk, hands-free",
        tests=(
            "browser/voice: sends 16 kHz frames while the button is held, and the end when it is let go",
            "browser/voice: works with the space bar alone",
            "browser/voice: lights up with the first sound, shows the words as they are understood, and ends by itself",
            "companion/listener: a hands-free talk ends after ten quiet seconds, but not while she speaks",
            "house/browsers: a spoken turn is heard by its microphone and done",
            "house/browsers: a held button is push-to-talk",
            "test_guesses_come_while_the_person_speaks",
        ),
        figures=(
            "tap_to_recording_ms",
            "tap_to_recording_cold_ms",
            "light_before_recording",
            "microphone_closed_ms",
        ),
    ),
    Bullet(
        does="Check before sending",
        tests=(
            "card/card: stand in the line, to be changed, and are sent by the person",
            "test_words_to_be_checked_are_heard_and_not_answered",
        ),
    ),
    Bullet(
        does="Barge-in by voice, tap or Escape; echo, noise, gain",
        tests=(
            "browser/voice: while she speaks stops her first",
            "companion/listener: a tap stops her before the microphone opens",
            "companion/listener: a voice stops her in a hands-free talk, and the second before it is heard, too",
            "audio/gate: while she speaks more is needed, so that her own echo does not interrupt her",
            "audio/microphone: is opened with echo cancelling, noise suppression and gain",
            "audio/microphone: stays warm for ten seconds after a turn, and is closed then",
        ),
    ),
    Bullet(
        does="16 kHz frames; one AudioContext with the exact clock",
        tests=(
            "audio/frames: a second at %i Hz is fifty frames",
            "audio/clock: runs with the samples and holds in a gap",
            "audio/output: what is heard now follows the loudspeaker's stamp",
            "audio/output: a stamp of the future is not believed: the context's own time less its latency is",
            "audio/wav: gives the same samples wherever it is cut",
        ),
    ),
    Bullet(
        does="Beside her: what the answer is about, timers; asleep the clock",
        tests=(
            "browser/card: shows beside her what it is about, while it is said",
            "card/beside: what the house does not show to this person stands beside nobody, and four are enough",
            "card/beside: a running timer is counted down beside her and can be stopped",
            "house/card: sets a timer by writing, sees it run beside her, and stops it",
            "browser/card: asleep she leaves a clock",
            "test_timer_that_is_typed_into_a_card_runs_and_is_told_in_the_same_talk",
        ),
    ),
    Bullet(
        does="A receipt for each reply",
        tests=(
            "card/receipt: a model that did not answer stands before the one that did",
            "card/receipt: nobody heard what was written, and written lines have a name",
            "house/card: gets a command done, with its receipt and the light beside her, and finds the talk again",
            "test_receipt_has_the_shape_of_the_contract",
            "test_foreign_engine_is_where_its_address_or_its_class_says",
            "test_engine_of_which_nothing_is_known_is_left_open",
        ),
    ),
    Bullet(
        does="Follows a satellite; one body; only who may see it",
        tests=(
            "browser/card: the browser is asked for its room once, and she walks off when another room speaks to her",
            "browser/talk: of a satellite moves the mouth on the satellite's clock, silently",
            "companion/whereabouts: she is in the room in which she is spoken to, and not in the others",
            "companion/whereabouts: what a satellite hears is shown in its own room only, what is written everywhere",
            "test_turn_tells_in_which_room_it_is_held",
            "test_nobody_else_is_interrupted_from_another_room",
        ),
    ),
    Bullet(
        does="An insecure page says so before anybody taps",
        tests=(
            "browser/voice: a plain http page says so before anybody taps, and what to do",
            "browser/voice: a refusal is explained, and tapping tries again",
        ),
    ),
    Bullet(
        does="What works here, with a report without secrets",
        tests=(
            "browser/voice: lists every part and gives a report without names or hosts",
            "house/browsers: the card says what this browser lacks, and only that",
        ),
    ),
    Bullet(
        does="Page: conversations",
        tests=(
            "house/pages: are listed with their character, their time and how much was said",
            "house/pages: are searched with marks",
            "house/pages: are renamed, pinned, archived and brought back",
            "house/pages: are deleted, and come back when the person wants",
            "house/pages: are taken away as a file, and brought by dropping one",
            "panel/pages: of ten thousand conversations only those in sight are in the page",
        ),
        figures=("open_10k_ms", "scroll_work_ms"),
    ),
    Bullet(
        does="Page: characters",
        tests=(
            "house/pages: characters: one is added through the steps, and deleted",
            "house/pages: characters: each has a portrait",
            "house/pages: characters: a card is imported by dropping it, and taken away",
            "panel/characters: a character is exported in the kind of file that is chosen",
            "test_export_gives_the_card_back",
        ),
    ),
    Bullet(
        does="Page: avatars",
        tests=(
            "house/pages: avatars: one is brought, recoloured ones are worn, and it is taken away",
            "house/pages: avatars: one is looked at, makes a gesture and is worn",
            "test_avatar_from_upload_to_card",
        ),
    ),
    Bullet(
        does="Page: memories, statistics, settings",
        tests=(
            "house/pages: memories: one is written down, pinned and forgotten",
            "panel/pages: a note shows where it comes from",
            "house/pages: statistics: messages, hours and words of four weeks are bars and a table",
            "panel/pages: statistics are bars with a table behind them, and stages in their order",
            "house/pages: settings: how long talk is kept is saved",
        ),
    ),
    Bullet(
        does="For who is no administrator only what is theirs",
        tests=(
            "house/pages: sees only what is theirs",
            "house/pages: can bring no character, change no figure and test no part of the house",
            "test_somebody_without_admin_rights_may_speak",
        ),
    ),
    Bullet(
        does="Preflight: every part tried for real, lights, repairs",
        tests=(
            "house/pages: checks: every part of the house is tried, with progress",
            "test_speech_server_hears_what_it_has_spoken",
            "test_home_without_voice_is_amber_and_says_what_it_costs",
            "test_lost_speech_server_is_red_and_a_repair_until_it_is_back",
            "test_satellite_that_is_away_is_red",
            "test_own_model_is_asked_and_its_refusal_told",
            "test_saved_setting_is_tried_when_it_has_come_to_rest",
        ),
    ),
    Bullet(
        does="One broken part never blanks the card",
        tests=(
            "browser/card: says so with its id, blanks nothing else, and is tried again",
            "panel/pages: a page that can't be filled says why and can be tried again",
            "browser/figures: that is broken gets a sentence, whatever is wrong with it",
            "browser/figures: comes back when the graphics processor has lost it",
        ),
    ),
    Bullet(
        does="Voice or model fails: the text goes on",
        tests=(
            "browser/talk: whose sound does not arrive is mimed, with a sentence",
            "companion/companion: goes on in writing, and the house is told that the sound is lost, not stopped",
            "test_last_voice_tells_why",
        ),
    ),
    Bullet(
        does="Connection lost: said, nothing typed is lost, nothing doubled",
        tests=(
            "browser/talk: keeps what was typed over a lost connection, and doubles nothing",
            "house/card: keeps what was typed when the connection breaks, and sees nothing twice when it is back",
            "house/card: is told of a restart of Home Assistant, loses no typed word, and sees nothing twice",
            "ha/client: goes on when Home Assistant was restarted and counts anew",
        ),
    ),
    Bullet(
        does="Every error has an id that is in the log file",
        tests=(
            "companion/error-log: every error has an id, and the house's own keep theirs",
            "test_error_of_a_turn_has_an_id_that_is_in_the_file",
            "test_problem_of_a_card_is_written_down",
        ),
    ),
    Bullet(
        does="The show, by key and button; film and sheet",
        tests=(
            "house/show: is played again by its button and by the key S, from a tablet too, but not by who types",
            "test_show_lasts_ninety_seconds_and_leaves_twelve_frames",
            "test_show_has_what_it_promises",
            "test_film_has_picture_and_sound_at_their_times",
            "test_sheet_shows_every_frame",
        ),
    ),
    Bullet(
        does="English and German, no key missing or unused",
        tests=(
            "card/translations: %s: both languages have the same keys and gaps to fill",
            "card/translations: %s: every key is used",
            "test_language_has_the_keys_of_english",
        ),
    ),
    Bullet(
        does="Fast, and quiet when nobody looks",
        tests=(
            "browser/talk: draws before the 3D part has arrived",
            "browser/stage: asleep she is drawn at most once in two seconds, and wakes at once",
            "browser/stage: draws nothing while she is scrolled out of sight",
            "browser/figures: is not drawn while the tab is hidden",
            "ha/conversation: whoever reads ten thousand messages keeps what is read",
        ),
        figures=(
            "first_paint_ms",
            "painted_after_3d",
            "idle_cpu_share",
            "idle_frames_per_s",
            "heap_growth_mb",
        ),
    ),
    Bullet(
        does="Chromium, Firefox and WebKitGTK",
        tests=(
            "house/browsers: a typed turn is done, answered, and heard from its loudspeaker",
            "house/browsers: a spoken turn is heard by its microphone and done",
        ),
    ),
    Bullet(
        does="Every command and view described",
        tests=(
            "test_documents_are_what_the_code_says",
            "test_difference_is_noticed",
            "test_every_command_has_a_sentence",
            "test_views_need_a_login",
        ),
    ),
)
