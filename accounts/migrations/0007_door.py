from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_list_columns")]

    operations = [
        migrations.RemoveConstraint(model_name="user", name="one_system_account"),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("role", "system"), _negated=True) | models.Q(("username__in", ("system", "door"))),
                name="system_account_known",
            ),
        ),
    ]
