"""How the words of a message are folded for search: functions that PostgreSQL keeps, made by the first migration."""

# Accents are dropped before stemming and beside it: "reclamações" stems to "reclam" while "reclamacoes" does not, so a text is
# indexed under both forms, and a query asks for either. `unaccent` is not declared immutable because its rules can be changed
# by a superuser; ours are the bundled ones.
FUNCTIONS = """
CREATE FUNCTION evosense_unaccent(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, value) $$;
CREATE FUNCTION evosense_words(value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT to_tsvector('pg_catalog.portuguese'::regconfig, value)
            || to_tsvector('pg_catalog.portuguese'::regconfig, public.evosense_unaccent(value)) $$;
CREATE FUNCTION evosense_query(value text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT plainto_tsquery('pg_catalog.portuguese'::regconfig, value)
            || plainto_tsquery('pg_catalog.portuguese'::regconfig, public.evosense_unaccent(value)) $$;
"""

DROP_FUNCTIONS = "DROP FUNCTION evosense_query(text); DROP FUNCTION evosense_words(text); DROP FUNCTION evosense_unaccent(text)"
