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
happy 2 fabelhaft* glorreich* sensationell* spektakulär* phänomenal* überglücklich* entzück* hingerissen traumhaft* triumph* sieg siegreich selig wonne hocherfreut
happy 1.5 vergnüg* heiter* amüs* unterhaltsam* aufregend* bezaubernd* reizend* entzückend* strahl* traum_wird_wahr haha hihi umarm* kuss küss* knuddel* lob lobe* applaus applaudier* beeindruck* erfolgreich* gelungen gelingt belohn* glück glückspilz zum_glück dankbar* wertvoll angenehm* urlaub ferien geschenk* sonnig* sonnenschein regenbogen blüh* himmlisch* paradies* lecker schmeckt yummy endlich_geschafft gut_hingekriegt weiter_so verdient wundervoll* bunt festlich* tanz* sing singt singen erfreu* zuversicht* begeistert cool geil spitzenmäßig schönste* klasse vergnügen gewinn* jubelnd kichern
happy 1 gute_idee klingt_gut klingt_toll glänz* leucht* freund freunde freundin zusammen fortschritt gesund genesen gelöst funktioniert_wieder lustigste liebste liebsten nettes netteste großer_erfolg sehr_gut macht_spaß
sad 2 kummer gram herzschmerz hinterblieben* mitgefühl anteilnahme verzweiflung qual untröstlich* jämmerlich* melanchol* erschüttert* gebrochen waise* witwe* todesfall trübsal bekümmert* niedergeschlagen*
sad 1.5 schmerzt schmerzlich* bedrückt* trostlos* verlassen* vernachlässig* abgelehnt zurückgewiesen heimweh trennung getrennt scheidung geschieden trist* düster* bitter* jammer so_ein_jammer wie_schade zu_schade bedauernswert* entmutig* hilflos* niederlage besiegt im_stich aufgegeben aufgeben krankenhaus krebs verletzt verletzung wunde hungrig* obdachlos* pleite gekündigt entlassen nie_wieder nie_mehr nie_wiedergesehen abschied_genommen lebewohl leb_wohl nicht_mehr_bei_uns umgekommen leiden leidet litt schweren_herzens heule* heult geheult wimmer* traurigkeit unglück
sad 1 fehlt fehlst seufz* verblasst verwelkt verfault weggehen geht_fort für_immer vergessen last müde erschöpft mühsam schwere_zeit harter_tag gefällt_werden sterben stirbt zerbricht verschwunden vergeblich umsonst bedrück*
angry 2 rasend tobend tobt zornig stinksauer stocksauer wutentbrannt skandal* abscheulich* verachte* verabscheu* niederträchtig* dreist* koche_innerlich koch_vor platzt_der_kragen auf_die_palme hals_voll
angry 1.5 trottel depp* arschloch dummkopf blödmann lügner* dieb* gestohlen geklaut betrüger* gauner abzocke* schikan* mobb* verspott* droh* schamlos* arrogant* egoistisch* rücksichtslos* fahrlässig* unfähig* nutzlos* schrott müll kacke scheiße scheiß* zum_kotzen kotzt willst_du_mich veräppeln verarschen mir_reicht es_reicht reicht_es_mir satt was_fällt_dir hör_auf_damit hört_auf lass_das lasst_das schluss_jetzt finger_weg gebrochenes_versprechen versprechen_gebrochen keine_ausrede unverzeihlich* unerträglich* grummel* mecker* motz* empörend* stör* stinkt fluch* rache groll unerhört* unfassbar_dreist nervig* zum_teufel ärgerlich*
angry 1 schon_wieder ausreden beschuldig* verschwendet verschwendung ignorier* warte_seit stundenlang respektlos* verlang* ungerechtigkeit zumutung
surprised 2 baff perplex platt verdattert sprachlos umgehauen kinnlade fassungslos* wunder wahnsinn_wie ach_du_schreck ach_du_meine ach_herrje himmel herrje potzblitz unvorstellbar* unverhofft* verwunder* überraschend*
surprised 1.5 dein_ernst euer_ernst ist_das_wahr stimmt_das kann_das_sein wer_hätte_das hätte_das_gedacht niemand_kommen_sehen kommen_sehen aus_dem_nichts wie_aus_dem_nichts mit_einem_mal auf_einen_schlag ganz_allein wusste_ich_nicht keine_ahnung_dass nie_geahnt nie_gesehen nie_gehört stellt_sich_heraus stellte_sich_heraus zu_meiner_überraschung kalt_erwischt was_um_alles wie_ist_das_möglich unmöglich bizarr* außergewöhnlich* bemerkenswert* rätsel* geheimnisvoll* verwirr* entdeck* wendung ehrlich? tatsächlich? so_was so_etwas_habe echt_jetzt ist_nicht_wahr nicht_wahr donnerlittchen
surprised 1 erschien das_erste_mal zum_ersten_mal was_ist_passiert wusstest_du so_viele so_schnell so_früh so_bald doppelt_so stell_dir_vor gar_nicht_gewusst
relaxed 2 zufrieden* ausgeglichen* sorglos* unbeschwert* gemächlich* besinnlich* gemütlichkeit meditier* füße_hoch beine_hoch schritt_für_schritt immer_mit_der_ruhe mach_es_dir_bequem mach's_dir_bequem kein_stress ohne_stress kein_druck in_aller_ruhe
relaxed 1.5 genug_zeit viel_zeit lass_dir_zeit nimm_dir_zeit wann_du_willst in_deinem_tempo im_griff alles_im_griff schon_gut ist_schon_gut alles_gut kein_problem wird_schon brise treiben verweil* döse* dös* hängematte kissen sofa couch pantoffeln massage schlender* nippe* murmel* summ* flüster* lausche* geborgen* sicher* geduld* harmoni* muße faul lau stille schweig* schlummer* durchatmen aufatmen ausatmen einatmen
relaxed 1 mild* abendwind abendlicht mondlicht sternenlicht sonnenuntergang dämmerung garten see fluss wiese wellen meer kamin kakao kamille yoga ausgeruht ruhen ruht angenehm_warm
happy 2 nie_glücklicher nie_besser könnte_nicht_besser überglücklich im_siebten_himmel
happy 1.5 grins* strahl* gehofft versüß* was_für_ein_fest ein_fest so_stolz gelungen erleichter* rettet_meinen_tag
happy 1 nicht_schlecht gar_nicht_schlecht lohnt_sich endlich klappt geklappt
sad 2 in_tränen ums_herz bricht_mir_das_herz
sad 1.5 nie_wieder nie_mehr wehgetan weh_getan niemand_gekommen keiner_gekommen kommt_nicht_zurück kommt_nicht_wieder fehlt_mir fehlst_mir vermiss* verloren verpasst
sad 1 hätte_das_noch nicht_mehr_dasselbe ohne_sie ohne_ihn zurückgelassen niemand_kam
angry 1.5 schon_wieder geht_so_nicht so_nicht geht_gar_nicht nicht_okay was_fällt was_erlaub* gelogen ignorier* wie_oft_noch zum_letzten_mal mir_reicht's reicht_es in_den_wahnsinn wer_hat_schon frech* unverschämt* offen_gelassen zum_x-ten
surprised 1.5 nicht_gerechnet nicht_erwartet nicht_kommen_sehen seit_wann wer_hätte hätte_gedacht hätte_ich_nie ist_ja_ein_ding was_du_nicht_sagst keine_ahnung_gehabt
relaxed 1.5 hier_sitzen eine_weile hat_zeit nichts_geplant den_ganzen_abend lass_los alles_erledigt nur_wir
relaxed 1 langsamer ganz_in_ruhe einfach_so gemach
"""
