"""What the satellite does, the tests that prove it, and the figures that measure it."""

from . import Bullet

BULLETS = (
    Bullet(
        does="One process: audio, clock, recovery, watchdog",
        tests=(
            "test_every_held_sample_is_found_under_its_index",
            "test_clock_follows_the_earliest_frame_and_a_jump",
            "test_unplugged_microphone_is_seen_and_comes_back",
            "test_microphone_that_hangs_is_opened_again",
            "test_watchdog_speaks_to_systemd_seldom",
            "test_breaking_the_watchdog_is_noticed",
            "test_after_every_fault_the_next_wake_word_is_answered",
        ),
        figures=("cpu_share_openwakeword", "cpu_share_microwakeword", "day_unanswered"),
    ),
    Bullet(
        does="Wake words: several, chosen, added and tuned while running",
        tests=(
            "test_wake_words_are_chosen_while_it_runs",
            "test_several_wake_words_at_once",
            "test_microwakeword_hears_words_in_quick_succession",
            "test_engines_of_two_kinds_listen_together",
            "test_own_models_in_the_folder_are_offered",
            "test_own_wake_word_is_brought_from_home_assistant",
            "test_model_that_is_brought_is_offered_and_heard",
            "test_file_that_is_no_model_gets_a_sentence",
            "test_remote_wake_service",
            "test_wake_words_are_chosen_in_home_assistant",
            "test_wake_tester_shows_live_scores",
            "test_each_wake_word_has_a_character_of_its_own",
            "test_every_word_is_named_with_its_licence",
        ),
        figures=(
            "wake_rate_clean_of_54",
            "wake_rate_10_db_of_54",
            "near_miss_accepts_openwakeword",
        ),
    ),
    Bullet(
        does="Stop word",
        tests=("test_stop_word_stops_her_and_a_timer", "test_stop_phrase_by_pocketsphinx"),
        figures=("stop_word_found_of_54", "stop_word_false_accepts"),
    ),
    Bullet(
        does="No pause needed",
        tests=(
            "test_no_sample_is_lost_after_the_wake_word",
            "test_one_breath_loses_nothing",
            "test_stream_begins_behind_the_wake_word_when_a_pause_follows",
        ),
        figures=(
            "speech_lost_ms_openwakeword",
            "speech_lost_ms_microwakeword",
            "rival_speech_lost_ms",
            "request_after_phrase_ms_openwakeword",
            "rival_request_after_phrase_ms",
        ),
    ),
    Bullet(
        does="End of speech",
        tests=(
            "test_silence_ends_the_speech",
            "test_who_pauses_is_given_more_time",
            "test_silence_after_the_wake_word_is_given_up",
            "test_endless_noise_ends_at_the_maximum",
        ),
    ),
    Bullet(
        does="Barge-in, echo cancelled, ducked",
        tests=(
            "test_barge_in_is_heard_over_her_own_louder_voice",
            "test_echo_is_cancelled_by_either_reference",
            "test_she_is_ducked_only_when_somebody_else_speaks",
            "test_her_own_voice_neither_wakes_nor_ducks_her",
            "test_wake_word_of_her_own_is_not_heard",
            "test_wake_word_during_speech_stops_it_and_listens",
            "test_cancelled_sound_is_silent_within_50_ms",
        ),
        figures=(
            "barge_in_detected",
            "barge_in_detected_uncancelled",
            "barge_in_silence_ms",
            "self_wakes",
            "self_ducked_share",
        ),
    ),
    Bullet(
        does="Music of the room ducked or paused, and put back",
        tests=(
            "test_music_is_ducked_and_put_back",
            "test_music_is_paused_and_goes_on",
            "test_what_somebody_changed_meanwhile_stays",
        ),
    ),
    Bullet(
        does="The whole Assist repertoire",
        tests=(
            "test_announcement_is_played_and_waited_for",
            "test_start_conversation_listens_without_a_wake_word",
            "test_ask_question_gets_the_spoken_answer",
            "test_answer_without_a_wake_word",
            "test_timer_is_kept_by_the_satellite_and_taken_back_after_a_restart",
            "test_timers_survive_a_restart",
            "test_timer_rings_without_home_assistant",
            "test_spoken_turn_with_core_alone",
            "test_announcement_with_core_alone",
        ),
    ),
    Bullet(
        does="Playback report",
        tests=(
            "test_reply_is_played_and_reported",
            "test_reply_is_reported_to_a_frame",
            "test_begin_of_a_sound_is_what_most_lines_tell",
            "test_clock_of_two_processes_agrees",
            "test_spoken_turn_over_pulseaudio",
        ),
        figures=("playback_error_ms_pulse", "playback_error_ms_sounddevice", "clock_offset_ms"),
    ),
    Bullet(
        does="Rooms: the best one answers",
        tests=(
            "test_best_hearing_room_wins",
            "test_late_room_stays_silent_and_the_winner_may_be_interrupted",
            "test_two_rooms_hear_the_word_and_one_answers",
        ),
    ),
    Bullet(
        does="Offline",
        tests=(
            "test_wake_word_without_home_assistant_sounds_and_rests",
            "test_satellite_comes_back_by_itself",
            "test_new_address_is_followed",
            "satellite_dies",
            "house_dies_listening",
        ),
    ),
    Bullet(
        does="Hands and lights",
        tests=(
            "test_button_light_and_mute_switch",
            "test_muted_microphone_is_closed",
            "test_control_socket_is_private_and_clear",
            "test_buttons_listen_stop_and_identify",
            "test_settings_are_those_of_the_satellite",
            "test_health_is_told",
        ),
    ),
    Bullet(
        does="Who is it?",
        tests=(
            "test_name_before_the_text",
            "test_name_before_the_text_of_a_real_run",
            "test_room_belongs_to_a_person_or_the_household",
            "test_room_may_ask_who_speaks",
        ),
    ),
    Bullet(
        does="Security",
        tests=(
            "test_wrong_key_hears_nothing",
            "test_garbage_closes_only_its_own_connection",
            "test_fuzzed_frames_of_a_satellite_do_no_harm",
            "test_no_sound_is_on_disk_until_somebody_wants_it",
            "test_debug_recording_ends_by_itself",
            "test_recording_is_deleted_after_a_day",
            "test_debug_recording_is_seen_and_ends",
        ),
    ),
    Bullet(
        does="Setup",
        tests=(
            "test_setup_dry_run_writes_nothing",
            "test_setup_writes_what_run_reads",
            "test_pairing_code_is_a_qr_code_of_the_key",
            "test_doctor_says_what_is_wrong",
            "test_wake_test_hears_a_file",
            "test_wheel_works_in_an_empty_environment",
        ),
        figures=("start_ms_openwakeword", "start_ms_microwakeword"),
    ),
)
