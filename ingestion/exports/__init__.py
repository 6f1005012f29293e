"""Exported WhatsApp chats (.txt, .zip) in every variant met, read into the types that all sources share. Pure; no Django."""

from ingestion.exports.reader import Export, Reading, open_export, read_export
from ingestion.exports.refusals import ExportError, Language, Notice, describe_notice, describe_problem

__all__ = ["Export", "ExportError", "Language", "Notice", "Reading", "describe_notice", "describe_problem", "open_export", "read_export"]
