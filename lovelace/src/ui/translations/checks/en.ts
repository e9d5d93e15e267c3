/** The words of the sheet "What works here"; they come with it. */
export const en = {
  check_again: "Check again",
  copy_report: "Copy report",
  copied: "Copied",
  report: "Report",
  last_problems: "Last problems",
  light_green: "works",
  light_amber: "works in part",
  light_red: "does not work",
  part_house: "Connection",
  part_character: "Characters",
  part_mind: "Conversation",
  part_sound: "Sound",
  part_microphone: "Microphone",
  part_ears: "Speech recognition",
  part_voice: "Voice",
  part_satellite: "Satellites",
  part_picture: "Picture",
  check_house_ready:
    "Home Assistant answers in {ms} ms; its clock differs from this one by {offset} ms.",
  check_house_connecting: "The connection is being made.",
  check_house_offline: "The connection to Home Assistant is lost.",
  check_house_missing: "The integration “Companion” is not set up.",
  check_house_failed: "Home Assistant refused; look into its log.",
  check_character_there: "{names}",
  check_character_none: "There is no character yet: add one to the integration.",
  check_mind_there: "The character’s conversation entity is there.",
  check_mind_lost: "The character’s conversation entity is unavailable.",
  check_mind_unseen: "You may not see the character’s conversation entity.",
  check_sound_on: "Sound is on; {ms} ms pass until it is heard.",
  check_sound_locked:
    "Tap anywhere on the page: browsers give sound only after a touch. In a kiosk app allow autoplay.",
  check_sound_untimed:
    "Sound is on, but this browser does not tell when it is heard: her lips may be a little early.",
  check_sound_missing: "This browser can’t play a stream of sound; answers are shown and mimed.",
  check_microphone_granted: "This page may listen while you hold or tap the button.",
  check_microphone_prompt: "Your browser will ask when you speak for the first time.",
  check_ears_there: "Speech is understood here ({count} of {all} entities available).",
  check_ears_lost: "The speech server can’t be reached: start it, then check again.",
  check_ears_none: "There is no speech server, so talk by writing: add one to the integration.",
  check_voice_there: "Answers are spoken ({count} of {all} entities available).",
  check_voice_lost: "The voice can’t be reached; answers are shown and mimed.",
  check_voice_none: "There is no voice; answers are shown and mimed.",
  check_satellite_there: "{count} of {all} rooms listen.",
  check_satellite_lost: "None of the {all} satellites can be reached.",
  check_satellite_none: "No room has a satellite; the card works without one.",
  check_picture_drawn: "She is drawn in 3D, quality “{tier}”, {fps} frames a second.",
  check_picture_webgl: "This browser can show her in 3D.",
  check_picture_flat: "This browser shows no 3D, so you see a drawn face.",
  way_https:
    "Open Home Assistant by its https address: the one of Home Assistant Cloud, or your own with a certificate.",
  way_android_app:
    "In the Home Assistant app for Android allow the microphone under Android’s settings → Apps → Home Assistant → Permissions, and use an https address in the app’s server settings.",
  way_apple_app:
    "In the Home Assistant app for iPhone and iPad allow the microphone under Settings → Apps → Home Assistant, and use an https address for your server.",
  way_fully:
    "In Fully Kiosk Browser turn on Web Content Settings → Enable Microphone Access and Autoplay Audio, and use an https start address.",
  way_permission:
    "Click the sign beside the address, allow the microphone, and load the page anew.",
  way_absent: "Plug a microphone in, or choose one in the browser’s settings.",
  way_busy: "Close the other program, then tap the button again.",
  way_update: "Use a newer browser.",
  way_satellite:
    "Or speak to a satellite in the room: she shows its talk here without a microphone of this page.",
} as const;

export type CheckKey = keyof typeof en;
