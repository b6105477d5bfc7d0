"""Two more roles: who supervises other offices, and who calls and visits people at home."""

from importlib import import_module

from django.db import migrations, models

ROLES = ["person", "agent", "reviewer", "author", "maker", "checker", "releaser", "auditor", "operator"]
NEW = ["supervisor", "gridworker"]
CHOICES = [(role, role.capitalize()) for role in [*ROLES, *NEW]]
triggers = import_module("zhida.kernel.offices.migrations.0002_incompatible_duties")


class Migration(migrations.Migration):
    dependencies = [("offices", "0002_incompatible_duties")]

    operations = [
        # SQLite makes the table anew, which would lose its triggers.
        migrations.RunPython(triggers.remove, triggers.build),
        migrations.RemoveConstraint("duty", "duty_role_known"),
        migrations.AlterField("duty", "role", models.CharField(choices=CHOICES, max_length=10)),
        migrations.AddConstraint(
            "duty", models.CheckConstraint(condition=models.Q(role__in=[*ROLES, *NEW]), name="duty_role_known")
        ),
        migrations.RunPython(triggers.build, triggers.remove),
    ]
