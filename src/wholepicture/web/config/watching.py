"""What a machine asks of the site: whether it lives, whether it is ready, and its figures (Prometheus). Nothing of any person."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from wholepicture.web.accounts.doctor import How, database, unapplied
from wholepicture.web.accounts.models import Outgoing
from wholepicture.web.accounts.services.chores import chores_now
from wholepicture.web.encounters.models import Assessment, Encounter


@login_not_required
@never_cache
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """The process answers: what begins it anew asks this."""
    return JsonResponse({"live": True})


@login_not_required
@never_cache
@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and has the shape that this version needs: what shares out requests asks this. 503 where not."""
    answers = database().how is not How.WRONG
    found = {"database": answers, "shape": answers and not unapplied()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


class Figures:
    """Queues and their ages, asked of the database at the moment of asking, so that any process answers for all."""

    def collect(self) -> Iterator[Metric]:
        """Every figure."""
        now = timezone.now()
        waiting = Outgoing.objects.filter(state=Outgoing.State.WAITING).order_by("made_at")
        yield _gauge("messages_waiting", "Messages that wait to be sent", waiting.count())
        yield _gauge(
            "messages_oldest_seconds",
            "Age of the oldest that waits",
            _age(now, waiting.values_list("made_at", flat=True).first()),
        )
        yield _gauge(
            "messages_given_up",
            "Messages that could not be sent",
            Outgoing.objects.filter(state=Outgoing.State.GIVEN_UP).count(),
        )
        reviews = Assessment.objects.filter(waiting=True, review=None).order_by("at")
        yield _gauge("reviews_waiting", "Assessments that wait for a review", reviews.count())
        yield _gauge(
            "reviews_oldest_seconds",
            "Age of the oldest that waits",
            _age(now, reviews.values_list("at", flat=True).first()),
        )
        yield _gauge("accounts_total", "Accounts kept", Encounter.objects.count())
        habits = GaugeMetricFamily(
            "wholepicture_worker_seconds", "Seconds since the worker last did it", labels=["habit"]
        )
        failing = GaugeMetricFamily("wholepicture_worker_failing", "1 where it failed last", labels=["habit"])
        for kept in chores_now():
            if kept.chore:
                habits.add_metric([kept.habit.name], _age(now, kept.chore.begun_at))
                failing.add_metric([kept.habit.name], float(bool(kept.chore.problem)))
        yield habits
        yield failing


def _gauge(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(f"wholepicture_{name}", said, value=value)


def _age(now: datetime, since: datetime | None) -> float:
    return (now - since).total_seconds() if since else 0.0


@login_not_required
@never_cache
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever has WHOLEPICTURE_METRICS_TOKEN; not there at all where none is set."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())  # type: ignore[arg-type]
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
