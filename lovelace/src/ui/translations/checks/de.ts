import type { CheckKey } from "./en.js";

/** German. */
export const de: Record<CheckKey, string> = {
  check_again: "Noch einmal prüfen",
  copy_report: "Bericht kopieren",
  copied: "Kopiert",
  report: "Bericht",
  last_problems: "Letzte Probleme",
  light_green: "funktioniert",
  light_amber: "funktioniert teilweise",
  light_red: "funktioniert nicht",
  part_house: "Verbindung",
  part_character: "Charaktere",
  part_mind: "Gespräch",
  part_sound: "Ton",
  part_microphone: "Mikrofon",
  part_ears: "Spracherkennung",
  part_voice: "Stimme",
  part_satellite: "Satelliten",
  part_picture: "Bild",
  check_house_ready:
    "Home Assistant antwortet in {ms} ms; seine Uhr weicht von dieser um {offset} ms ab.",
  check_house_connecting: "Die Verbindung wird aufgebaut.",
  check_house_offline: "Die Verbindung zu Home Assistant ist unterbrochen.",
  check_house_missing: "Die Integration „Companion“ ist nicht eingerichtet.",
  check_house_failed: "Home Assistant hat abgelehnt; Näheres steht in seinem Protokoll.",
  check_character_there: "{names}",
  check_character_none: "Es gibt noch keinen Charakter: Füge der Integration einen hinzu.",
  check_mind_there: "Die Gesprächs-Entität des Charakters ist da.",
  check_mind_lost: "Die Gesprächs-Entität des Charakters ist nicht verfügbar.",
  check_mind_unseen: "Du darfst die Gesprächs-Entität des Charakters nicht sehen.",
  check_sound_on: "Der Ton ist an; bis man ihn hört, vergehen {ms} ms.",
  check_sound_locked:
    "Tippe irgendwo auf die Seite: Browser geben Ton erst nach einer Berührung. Erlaube in einer Kiosk-App die automatische Wiedergabe.",
  check_sound_untimed:
    "Der Ton ist an, aber dieser Browser sagt nicht, wann er zu hören ist: Die Lippen können etwas zu früh sein.",
  check_sound_missing:
    "Dieser Browser kann keinen Ton abspielen; Antworten werden gezeigt und stumm gesprochen.",
  check_microphone_granted: "Diese Seite darf zuhören, während du die Taste hältst oder antippst.",
  check_microphone_prompt: "Dein Browser fragt, wenn du zum ersten Mal sprichst.",
  check_ears_there: "Gesprochenes wird hier verstanden ({count} von {all} Entitäten verfügbar).",
  check_ears_lost: "Der Sprachserver ist nicht erreichbar: Starte ihn und prüfe noch einmal.",
  check_ears_none: "Es gibt keinen Sprachserver, also schreib: Füge der Integration einen hinzu.",
  check_voice_there: "Antworten werden gesprochen ({count} von {all} Entitäten verfügbar).",
  check_voice_lost:
    "Die Stimme ist nicht erreichbar; Antworten werden gezeigt und stumm gesprochen.",
  check_voice_none: "Es gibt keine Stimme; Antworten werden gezeigt und stumm gesprochen.",
  check_satellite_there: "{count} von {all} Räumen hören zu.",
  check_satellite_lost: "Keiner der {all} Satelliten ist erreichbar.",
  check_satellite_none: "Kein Raum hat einen Satelliten; die Karte geht auch ohne.",
  check_picture_drawn: "Sie wird in 3D gezeichnet, Qualität „{tier}“, {fps} Bilder je Sekunde.",
  check_picture_webgl: "Dieser Browser kann sie in 3D zeigen.",
  check_picture_flat: "Dieser Browser zeigt kein 3D, darum siehst du ein gezeichnetes Gesicht.",
  way_https:
    "Öffne Home Assistant über seine https-Adresse: die von Home Assistant Cloud oder deine eigene mit Zertifikat.",
  way_android_app:
    "Erlaube der Home-Assistant-App das Mikrofon unter Android-Einstellungen → Apps → Home Assistant → Berechtigungen, und trage in den Servereinstellungen der App eine https-Adresse ein.",
  way_apple_app:
    "Erlaube der Home-Assistant-App das Mikrofon unter Einstellungen → Apps → Home Assistant, und nutze eine https-Adresse für deinen Server.",
  way_fully:
    "Schalte im Fully Kiosk Browser unter Web Content Settings „Enable Microphone Access“ und „Autoplay Audio“ ein, und nutze eine https-Startadresse.",
  way_permission:
    "Klicke auf das Zeichen neben der Adresse, erlaube das Mikrofon und lade die Seite neu.",
  way_absent: "Schließe ein Mikrofon an, oder wähle eines in den Einstellungen des Browsers.",
  way_busy: "Schließe das andere Programm und tippe die Taste noch einmal an.",
  way_update: "Nimm einen neueren Browser.",
  way_satellite:
    "Oder sprich mit einem Satelliten im Raum: Sein Gespräch zeigt sie hier ohne Mikrofon dieser Seite.",
};
