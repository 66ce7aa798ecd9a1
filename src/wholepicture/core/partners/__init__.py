"""Partners: routes by which each is asked, the life of a referral, what is shared, and the directory's shape."""
