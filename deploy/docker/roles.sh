#!/bin/sh
# Runs once, when the database is made: three roles (docs/adr/0010-three-database-roles.md) and the database itself.
set -eu
psql -v ON_ERROR_STOP=1 --username postgres \
  -v owner="$OWNER_PASSWORD" -v worker="$WORKER_PASSWORD" -v web="$WEB_PASSWORD" <<'SQL'
CREATE ROLE linli_owner LOGIN PASSWORD :'owner';
CREATE ROLE linli_worker LOGIN PASSWORD :'worker';
CREATE ROLE linli_web LOGIN PASSWORD :'web';
CREATE DATABASE linli OWNER linli_owner TEMPLATE template0 ENCODING 'UTF8';
\connect linli
CREATE EXTENSION IF NOT EXISTS btree_gist;
SQL
