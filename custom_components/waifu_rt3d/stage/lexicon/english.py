"""English words with feelings."""

NEGATIONS = "not no never nothing nobody neither without hardly cannot can't don't doesn't didn't isn't aren't wasn't won't wouldn't couldn't shouldn't haven't hasn't ain't"

WORDS = """
happy 2 yay hooray hurray hurrah woohoo yippee congratulation* congrats happ* delight* thrilled ecstatic overjoyed joy* cheer*
happy 1.5 wonderful fantastic brilliant awesome marvellous marvelous terrific excellent superb splendid great lovely perfect* glad excit* proud* fun funny hilarious laugh* smil* giggl* love loves loved loving adore* enjoy* celebrat* party win wins won winner thank* grateful blessed delicious tasty yummy
happy 1 nice good better best like likes liked beautiful pretty cute sweet favourite favorite pleas* birthday welcome hope hopeful well_done good_job made_my_day can't_wait looking_forward bravo success* treat fine_work we_did_it kind yes
sad 2 sad* sorrow* griev* grief mourn* heartbr* breaks_my_heart broke_my_heart passed_away died dead death funeral miserable depress* hopeless* devastat* lonely loneliness tragic tragedy cry cries cried crying tears weep* wept sob*
sad 1.5 sorry miss_you i'll_miss missed_you miss_her miss_him unfortunate* regret* disappoint* pity lost loss lose losing hurt* unhappy gloom* sorrow ill sick poor alas down_in fail* cancelled canceled didn't_survive suffer* goodbye farewell
sad 1 wish_i i_wish wish_things alone bad worse worst empty pain* weak broken weighs tired_of blue gone nobody_came i'm_afraid ashamed worried can't_stay
angry 2 angr* furious* fury rage mad outrag* infuriat* hate* hates damn* hell disgust* disgrac* fed_up enough_is_enough how_dare sick_of drives_me_crazy unacceptable
angry 1.5 annoy* irritat* stupid idiot* ridiculous unfair rude nasty insult* cheat* shut_up stop_it stop_that lied liar lies betray* can't_stand awful terrible horrible pathetic nonsense offen* hostile resent* frustrat* ripped_off
angry 1 bloody complain* blame* fault loud noise yell* shout* scream* who_broke right_now get_out leave_me go_away
surprised 2 wow whoa woah omg oh_my my_goodness surpris* astonish* amaz* shock* stunn* startl* unbelievable incredibl* unexpected* no_way out_of_nowhere speechless good_heavens goodness_me mind-blowing
surprised 1.5 suddenly really? seriously? seriously what?! what? huh believe_my hardly_believe can't_believe didn't_expect never_thought never_expected wait gosh jeez holy blimey guess_what who_knew didn't_see_that
surprised 1 oh! ah! all_along already? today?! strange weird odd curious how_come
relaxed 2 relax* calm* peace* seren* cozy cosy sooth* unwind tranquil* deep_breath at_ease take_it_easy lean_back sweet_dreams sleep_well rest_well good_night no_hurry no_rush don't_worry chill*
relaxed 1.5 quiet* gentle gently still rest resting restful snug comfort* slow slowly soft softly blanket breathe no_worries nothing_to_worry all_the_time_in_the_world everything_is_fine it's_all_right all_is_well easy lullaby
relaxed 1 bath tea fire rain cushion candle* nap sleep* dream* close_your_eyes sit_down good_book warm
"""
