"""How the words of a message are folded for search: functions that PostgreSQL keeps, made and replaced by migrations.

A text is stemmed as Portuguese, and as Spanish or English too where it has words of those that Portuguese has not. Their stems are
marked (`s:`, `e:`), so that the rules of one language never meet those of another: "coroado" is no "cor" because Spanish would say so.
A word of a search is looked for in all three forms, since a search is too short to tell its language.

Accents are dropped before stemming and beside it: "reclamações" stems to "reclam" while "reclamacoes" does not, so a text is indexed
under both forms, and a query asks for either. `unaccent` is not declared immutable because its rules can be changed by a superuser;
ours are the bundled ones.
"""

# What tells that a text is Spanish or English: frequent words of theirs that are none of Portuguese, as it is typed without accents.
SPANISH = (
    "el|los|las|y|muy|pero|hola|gracias|una|qué|yo|con|del|al|usted|ustedes|cuando|cuándo|dónde|también|hay|en|le|su|ya|quiero|buenas|buenos"
    "|llegó|todavía|nadie|más|mi"
)
ENGLISH = (
    "the|is|my|you|your|and|was|it|this|that|with|please|not|have|don|are|of|at|be|we|they|what|when|where|why|thank|thanks|got|can|will"
    "|would|from|been|still|an"
)
# Words of no weight beside those of the stop lists: how people write them to each other, and Spanish ones that Portuguese gives weight.
CHAT = "nao,n,ta,to,pra,pro,pras,pros,q,vc,vcs,voces,voce,eh"
WEIGHTY = "nada,contra,antes,estado,estados,sentido,sentida,sobre,tenido,durante,tanto,poco"

UNACCENT = """
CREATE FUNCTION evosense_unaccent(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, value) $$;
"""
# The first migration made these; the column of a message's words is of their making until a later one replaced them.
PORTUGUESE_ALONE = """
CREATE OR REPLACE FUNCTION evosense_words(value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT to_tsvector('pg_catalog.portuguese'::regconfig, value)
            || to_tsvector('pg_catalog.portuguese'::regconfig, public.evosense_unaccent(value)) $$;
CREATE OR REPLACE FUNCTION evosense_query(value text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT plainto_tsquery('pg_catalog.portuguese'::regconfig, value)
            || plainto_tsquery('pg_catalog.portuguese'::regconfig, public.evosense_unaccent(value)) $$;
"""
FUNCTIONS = UNACCENT + PORTUGUESE_ALONE
DROP_FUNCTIONS = "DROP FUNCTION evosense_query(text); DROP FUNCTION evosense_words(text); DROP FUNCTION evosense_unaccent(text)"


def _mark(mark: str, language: str, value: str) -> str:
    """SQL: the stems of a text in a language, each with its mark."""
    return f"ARRAY(SELECT '{mark}:' || lexeme FROM unnest(to_tsvector('pg_catalog.{language}'::regconfig, {value})))"  # noqa: S608  (of constants)


def _ask(mark: str, language: str, value: str) -> str:
    """SQL: the query on the marked stems of a word."""
    stems = f"unnest(to_tsvector('pg_catalog.{language}'::regconfig, {value}))"
    return f"(SELECT coalesce(string_agg(quote_literal('{mark}:' || lexeme), ' & '), '')::tsquery FROM {stems})"  # noqa: S608  (of constants)


THREE_LANGUAGES = rf"""
CREATE OR REPLACE FUNCTION evosense_words(value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT to_tsvector('pg_catalog.portuguese'::regconfig, value)
            || to_tsvector('pg_catalog.portuguese'::regconfig, public.evosense_unaccent(value))
            || CASE WHEN value ~* '\m({SPANISH})\M' THEN array_to_tsvector(
                 {_mark("s", "spanish", "value")} || {_mark("s", "spanish", "public.evosense_unaccent(value)")}
               ) ELSE ''::tsvector END
            || CASE WHEN value ~* '\m({ENGLISH})\M' THEN array_to_tsvector({_mark("e", "english", "value")}) ELSE ''::tsvector END $$;
CREATE OR REPLACE FUNCTION evosense_query(value text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT coalesce(string_agg('(' || forms::text || ')', ' & '), '')::tsquery FROM (
    SELECT plainto_tsquery('pg_catalog.portuguese'::regconfig, word)
        || plainto_tsquery('pg_catalog.portuguese'::regconfig, public.evosense_unaccent(word))
        || {_ask("s", "spanish", "word")} || {_ask("s", "spanish", "public.evosense_unaccent(word)")} || {_ask("e", "english", "word")}
        AS forms
    FROM regexp_split_to_table(value, '\s+') AS word
    WHERE numnode(plainto_tsquery('pg_catalog.portuguese'::regconfig, word)) > 0
      AND numnode(plainto_tsquery('pg_catalog.english'::regconfig, word)) > 0
      AND (numnode(plainto_tsquery('pg_catalog.spanish'::regconfig, word)) > 0 OR lower(word) = ANY ('{{{WEIGHTY}}}'::text[]))
      AND lower(public.evosense_unaccent(word)) <> ALL ('{{{CHAT}}}'::text[])
  ) words $$;
"""  # noqa: S608  (of constants)
# The column is made anew: a stored column is not computed again when its function changes.
REBUILD = """
ALTER TABLE core_message DROP COLUMN search_words,
  ADD COLUMN search_words tsvector GENERATED ALWAYS AS (public.evosense_words(text)) STORED;
"""
