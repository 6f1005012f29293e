"""The live gateway, Evolution API: what it says (`events`), how it is spoken to (`client`), heard (`listener`), read back (`backfill`)."""
