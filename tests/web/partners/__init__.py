"""Partners: directory, referrals, watch, plans."""
