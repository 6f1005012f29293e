"""Index vectors by nearness, without holding up those who write some meanwhile."""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from pgvector.django import HalfVectorField, HnswIndex

EMBEDDED = models.Q(model="multilingual-e5-small-q4")
FIRST_HALF = models.Func(
    models.F("vector"),
    template="(subvector(%(expressions)s, 1, 384)::halfvec(384))",
    output_field=HalfVectorField(dimensions=384),
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("core", "0013_question_limits")]

    operations = [
        AddIndexConcurrently(
            model_name="textvector",
            index=HnswIndex(
                OpClass(FIRST_HALF, name="halfvec_cosine_ops"), name="text_vector_embedded", condition=EMBEDDED, m=16, ef_construction=64
            ),
        ),
        AddIndexConcurrently(
            model_name="textvector",
            index=HnswIndex(
                fields=["vector"],
                opclasses=["halfvec_cosine_ops"],
                name="text_vector_chosen",
                condition=~EMBEDDED,
                m=16,
                ef_construction=64,
            ),
        ),
    ]
