"""German words with feelings."""

NEGATIONS = (
    "nicht kein keine keinen keinem keiner keines nie niemals nichts niemand ohne kaum weder"
)

WORDS = """
happy 2 juhu hurra juchhu jippie yay glückwunsch* gratul* glücklich* freu* freude fröhlich* froh selig begeister* herrlich jubel*
happy 1.5 wunderbar* fantastisch* phantastisch* großartig* toll* super klasse prima spitze ausgezeichnet* hervorragend* genial* perfekt* liebe* lieb lustig* urkomisch* witzig* spaß lach* lächel* stolz* feier* gewonnen dank* danke genieß* köstlich* lecker*
happy 1 schön* gut gute guter gutes besser beste bester bestes nett* gern gerne gefällt mag hübsch* süß* lieblings* geburtstag* willkommen hoff* geschafft gut_gemacht bravo erfolg* kaum_erwarten freundlich* ja_gern
sad 2 traurig* trauer* beileid bricht_mir_das_herz herz_gebrochen gestorben tot tod verstorben begräbnis beerdigung hoffnungslos* verzweifel* einsam* weine* weint geweint tränen schluchz* tragisch* elend* deprim*
sad 1.5 leider vermiss* schade bedauer* enttäusch* verlor* verlust tut_weh weh schmerz* tut_mir_leid unglücklich* krank* arme armer armes scheiter* leb_wohl abschied abgesagt überlebt leid fehlen
sad 1 allein ich_wünschte schlecht* schlimm* leer belast* verpasst kaputt niemand_kam nicht_länger müde_von bange sorgen
angry 2 wütend* wut zornig* zorn sauer hass* verdammt* unverschämt* frechheit empör* inakzeptabel* ausrasten rasend nase_voll jetzt_reicht reicht_es wahnsinnig wie_kannst_du_es_wagen wie_können_die_es_wagen es_wagen
angry 1.5 ärger* genervt nerv* blöd* dumm* idiot* gemein* unhöflich* ungerecht* unfair beleidig* betrogen betrug angelogen anlüg* lügt lüge* hör_auf hör_sofort_auf ausstehen schrecklich* furchtbar* mies* lächerlich* unmöglich* schluss_damit frustr* verflixt* mist
angry 1 lärm laut schrei* schuld sofort zerbrochen wer_hat hau_ab verschwinde schimpf* beschwer*
surprised 2 wow boah oha überrasch* unglaublich* erstaun* staun* verblüff* schock* erschreck* erschrocken unerwartet* nicht_zu_fassen gibt_es_doch_nicht gibt's_doch_nicht gibt_es_nicht du_meine_güte meine_güte heiterem_himmel sprachlos unfassbar* donnerwetter
surprised 1.5 plötzlich* wirklich? im_ernst echt? was? was?! hä nicht_erwartet nie_gedacht hätte_nie augen_kaum kaum_glauben moment huch nanu ach_was na_so_was auf_einmal
surprised 1 oh! ach! heute?! seltsam* merkwürdig* komisch* die_ganze_zeit schon?
relaxed 2 entspann* ruhig* beruhig* friedlich* gemütlich* gelassen* atme tief_durch lehn_dich_zurück gute_nacht schlaf_gut träum* ruh_dich ausruh* zur_ruhe keine_eile keine_sorge mach_dir_keine_sorgen behaglich*
relaxed 1.5 still* leise* sanft* ruhe langsam* wohl drängt_nichts alle_zeit_der_welt alles_ist_gut in_ordnung guttun tut_gut erhol* kuschel* seele stress_dich_nicht zurücklehn*
relaxed 1 tee decke bad kerze* feuer regen schlaf* augen_zu schließ_die_augen gutes_buch warm* bequem* spaziergang lehn
"""
