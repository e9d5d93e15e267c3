"""Score a mouth against independent phone times: sounds, judge, rivals, marks."""
