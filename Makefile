.PHONY: run test bulk spark docs check lock assets postgres
run:    ## set everything up and open the site on this machine
	@scripts/run
test:   ## set everything up and pass the tests
	@scripts/test
bulk:   ## add what a whole force's run needs (DuckDB, Splink, PyArrow)
	@scripts/setup requirements-bulk.lock && (scripts/compile || true)
spark:  ## the same, and Apache Spark (Java 17 is needed)
	@scripts/setup requirements-spark.lock && (scripts/compile || true)
docs:   ## take the pictures again and build the documents into var/docs-site
	@scripts/docs
check:  ## linters, import contracts, types and migrations
	@scripts/check
lock:   ## write the lock files again (they name no host)
	@scripts/lock
assets: ## build the committed front-end files again (needs npm; running the site does not)
	@scripts/assets/build
postgres: ## start PostgreSQL for development and print its address
	@scripts/postgres
