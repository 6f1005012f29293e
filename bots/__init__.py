"""Everything over WhatsApp outward. Imports core, ingestion and assistant."""
