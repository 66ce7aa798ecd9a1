"""Partners: the directory, referrals that get acted on, the control watch, and joint plans."""
