"""The programmes app: every force has the programmes that come with the product."""

from django.apps import AppConfig

from wholepicture.web.accounts.shipped import give_to_every_force


class ProgrammesConfig(AppConfig):
    """Gives forces the shipped programmes."""

    name = "wholepicture.web.programmes"
    label = "programmes"

    def ready(self) -> None:
        from wholepicture.web.accounts.trays import register
        from wholepicture.web.partners.calendars import days_of
        from wholepicture.web.programmes import trays
        from wholepicture.web.programmes.selectors import calendars
        from wholepicture.web.programmes.services.specifying import install_shipped

        give_to_every_force(self, install_shipped)
        register(trays.of)
        calendars.register(lambda user: [calendars.Day(*day) for day in days_of(user)])
