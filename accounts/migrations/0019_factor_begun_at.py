from django.db import migrations, models

ENDED = [
    ("signed_out", "You signed out."),
    ("idle", "Nothing was done for a while, so you were signed out."),
    ("over", "The session had lasted its longest, so you were signed out."),
    ("newer", "Your account was signed in elsewhere: an administrator has one session at a time."),
    ("by_self", "You ended this session from another one of yours."),
    ("by_guard", "A security administrator ended this session."),
    ("password", "The password was changed, so all sessions ended. Sign in with the new one."),
    ("role", "Your role was changed, so all sessions ended."),
    ("switched", "This account can't sign in any more."),
    ("factor", "The second factor was taken off, so all sessions ended."),
    ("restored", "The system was brought back from a backup, so all sessions ended."),
]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0018_signing_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="factor",
            name="begun_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="session",
            name="ended_why",
            field=models.CharField(
                blank=True, choices=ENDED, default="", max_length=12, verbose_name="why the session ended"
            ),
        ),
    ]
