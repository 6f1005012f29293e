#!/usr/bin/env bash
# Makes EvoSense's two roles and its database in a new PostgreSQL: the owner, who runs migrations, and the application's role,
# which owns nothing and is bound by row-level security. Run as a superuser, with OWNER_PASSWORD and APP_PASSWORD set.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" \
     --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
CREATE ROLE evosense_owner LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE evosense_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app_password';
CREATE DATABASE evosense OWNER evosense_owner;
\connect evosense
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
ALTER DEFAULT PRIVILEGES FOR ROLE evosense_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO evosense_app;
ALTER DEFAULT PRIVILEGES FOR ROLE evosense_owner GRANT USAGE, SELECT ON SEQUENCES TO evosense_app;
SQL

# A statement that fails is logged without its text and its row: those are somebody's messages. Only a real superuser may set it;
# where the service has none, set both in its own configuration.
psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL' ||
ALTER ROLE evosense_owner SET log_min_error_statement = panic;
ALTER ROLE evosense_owner SET log_error_verbosity = terse;
ALTER ROLE evosense_app SET log_min_error_statement = panic;
ALTER ROLE evosense_app SET log_error_verbosity = terse;
SQL
  echo "Set log_min_error_statement = panic and log_error_verbosity = terse for both roles: failed statements hold customers' words." >&2
