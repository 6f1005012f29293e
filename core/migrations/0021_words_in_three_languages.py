"""Find words of Spanish and English texts in any inflection, beside those of Portuguese.

The table of messages is written anew and locked meanwhile: about two minutes a million messages on two busy cores.
"""

from django.db import migrations

from core.search_words import PORTUGUESE_ALONE, REBUILD, THREE_LANGUAGES


class Migration(migrations.Migration):
    dependencies = [("core", "0020_theme_proposals_security")]

    operations = [migrations.RunSQL(THREE_LANGUAGES + REBUILD, PORTUGUESE_ALONE + REBUILD)]
