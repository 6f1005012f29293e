from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistant", "0005_audit_api_key"),
    ]

    operations = [
        migrations.AddField(
            model_name="verifiedquestion",
            name="figures",
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name="verifiedquestion",
            name="state",
            field=models.CharField(
                choices=[
                    ("unchecked", "Not checked yet"),
                    ("sound", "Sound"),
                    ("empty", "Finds no data"),
                    ("reread", "Its words mean something else by now"),
                    ("drifted", "Its figures are not what they were"),
                    ("broken", "Its plan does not hold any more"),
                ],
                default="unchecked",
                max_length=10,
                verbose_name="state",
            ),
        ),
    ]
