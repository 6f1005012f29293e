"""The live gateway, Evolution API: what it says (`events`), how we speak to it (`client`), listen (`listener`) and read back (`backfill`)."""
