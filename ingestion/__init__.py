"""From a WhatsApp payload or an exported chat to analysed rows. Imports core."""
