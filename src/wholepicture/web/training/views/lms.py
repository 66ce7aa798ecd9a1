"""The force's own learning system: its way in, what it may choose, and setting it up."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import login as sign_in
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from lti_tool.models import LtiContext
from pylti1p3.deep_link import DeepLink
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.exception import LtiException, OIDCException

from wholepicture.core.learning import ItemKind
from wholepicture.web.accounts.middleware import FROM_LMS
from wholepicture.web.accounts.step_up import ask_again
from wholepicture.web.theme.middleware import POLICY
from wholepicture.web.training import access, lti
from wholepicture.web.training.forms import LmsForm
from wholepicture.web.training.models import Course, Lms
from wholepicture.web.training.services import lms as services
from wholepicture.web.training.services import taking
from wholepicture.web.training.services.courses import CannotDoError

BACKEND = "django.contrib.auth.backends.ModelBackend"
CHOICE = "training.lti-choice"
CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"
ROLES = "https://purl.imsglobal.org/spec/lti/claim/roles"
DEPLOYMENT = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
TEACHES = ("Instructor", "ContentDeveloper", "Administrator")


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    context = {
        "title": "You could not be let in",
        "text": f"{why} Go back to your learning system and open the training there again. If that does not help, tell whoever runs it what stands here.",
    }
    return render(request, "pages/message.html", context, status=403)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """A learning system begins a launch: send whoever comes back to it, to say who they are."""
    target = (request.POST if request.method == "POST" else request.GET).get("target_link_uri", "")
    own = request.build_absolute_uri(reverse("training:lti-launch"))
    if target.split("?")[0] != own:
        return _refused(request, "The address to open is not one of this site.")
    try:
        return lti.login(request, own)
    except (LtiException, OIDCException) as error:
        return _refused(request, str(error).rstrip(".") + ".")


@csrf_exempt
@login_not_required
@require_POST
def launch(request: HttpRequest) -> HttpResponse:
    """Somebody comes from a learning system: to learn, or to choose what is to be learnt."""
    try:
        launched = lti.launch(request)
        if launched.is_deep_link_launch:
            return _choose(request, launched)
        if not launched.is_resource_launch:
            return _refused(request, "That kind of launch is not offered here.")
        lms, learner = services.welcome(launched)
    except LtiException as error:
        return _refused(request, str(error).rstrip(".") + ".")
    sign_in(request, learner, backend=BACKEND)
    request.session[FROM_LMS] = True
    return _led_in(request, lms, launched)


def _led_in(request: HttpRequest, lms: Lms, launched: Any) -> HttpResponse:
    """To the course or the step that the link is of; or to all there is, if it does not say."""
    custom = launched.get_claim(CUSTOM)
    custom = custom if isinstance(custom, dict) else {}
    course = access.courses_of(request.user).filter(slug=str(custom.get("wholepicture_course", ""))).first()
    if course is None:
        return redirect("training:home")
    item = str(custom.get("wholepicture_item", ""))
    services.keep_place(lms=lms, learner=request.user, course=course, item=item, launched=launched)
    try:
        enrolment = taking.begin(course=course, by=request.user)
    except CannotDoError as error:
        messages.error(request, str(error))
        return redirect("training:course", slug=course.slug)
    if item and enrolment.version.content.item(item):
        return redirect("training:step", slug=course.slug, item=item)
    return redirect("training:course", slug=course.slug)


def _choose(request: HttpRequest, launched: Any) -> HttpResponse:
    """What a trainer of the learning system may link to."""
    roles = launched.get_claim(ROLES) or []
    if not any(str(role).rsplit("#", 1)[-1] in TEACHES for role in roles):
        return _refused(request, "Only those who teach may choose what is linked.")
    lms = Lms.objects.get(registration=launched.registration)
    token = signing.dumps(
        {
            "lms": lms.pk,
            "deployment": launched.get_claim(DEPLOYMENT),
            "settings": launched.get_claim(LINKING),
        },
        salt=CHOICE,
        compress=True,
    )
    return render(request, "training/lti_choose.html", {"offered": _offered(lms), "token": token, "lms": lms})


def _offered(lms: Lms) -> list[tuple[Course, list[Any]]]:
    courses = Course.objects.filter(force_id=lms.force_id, closed_at=None)
    return [(c, [i for i in c.latest.content.items if i.kind is ItemKind.SCENARIO]) for c in courses]


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Send what was chosen back to the learning system."""
    try:
        kept = signing.loads(request.POST.get("token", ""), salt=CHOICE, max_age=3_600)
    except signing.BadSignature:
        return _refused(request, "This choice has waited too long.")
    lms = get_object_or_404(Lms, pk=kept["lms"], registration__is_active=True)
    slug, _, item = request.POST.get("what", "").partition("/")
    course = Course.objects.filter(force_id=lms.force_id, slug=slug, closed_at=None).first()
    content = course.latest.content if course else None
    step = content.item(item) if content and item else None
    if course is None or content is None or (item and step is None):
        return _refused(request, "Choose one of the courses or scenarios.")
    resource = (
        DeepLinkResource()
        .set_url(request.build_absolute_uri(reverse("training:lti-launch")))
        .set_title(step.title if step else content.title)
        .set_custom_params({"wholepicture_course": slug, **({"wholepicture_item": item} if item else {})})
    )
    deep = DeepLink(lti.registration_of(lms), kept["deployment"], kept["settings"])
    back = kept["settings"]["deep_link_return_url"]
    parts = urlsplit(back)
    context = {
        "address": back,
        "token": deep.get_response_jwt([resource]),
        "title": step.title if step else content.title,
    }
    response = render(request, "training/lti_return.html", context)
    response["Content-Security-Policy"] = POLICY.replace(
        "form-action 'self'", f"form-action {parts.scheme}://{parts.netloc}"
    )
    return response


@login_not_required
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """Our public keys."""
    return JsonResponse(lti.public_keys())


def manage(request: HttpRequest) -> HttpResponse:
    """Learning systems that are set up, and another to set up."""
    connects = services.may_connect(request.user)
    if not (connects or access.may_teach(request.user)):
        raise PermissionDenied
    form = LmsForm(request.POST or None)
    if request.method == "POST":
        if not connects:
            raise PermissionDenied
        if form.is_valid():
            if page := ask_again(request):
                return page
            if done := _connected(request, form):
                return done
    systems = Lms.objects.filter(force_id=request.user.force_id).select_related("registration")
    context = {
        "form": form,
        "connects": connects,
        "systems": [
            (s, LtiContext.objects.filter(deployment__registration=s.registration).order_by("title"))
            for s in systems
        ],
        "addresses": [
            ("Login initiation", request.build_absolute_uri(reverse("training:lti-login"))),
            ("Launch, redirect and deep linking", request.build_absolute_uri(reverse("training:lti-launch"))),
            ("Public keyset", request.build_absolute_uri(reverse("training:lti-keys"))),
        ],
    }
    return render(request, "training/lms.html", context, status=400 if form.errors else 200)


def _connected(request: HttpRequest, form: LmsForm) -> HttpResponse | None:
    given = dict(form.cleaned_data)
    given["deployments"] = given["deployments"].splitlines()
    try:
        made = services.connect(**given, by=request.user)
    except CannotDoError as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, f"{made} may open training here now.")
    return redirect("training:lms")


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Let nobody in from a learning system any more."""
    if not services.may_connect(request.user):
        raise PermissionDenied
    services.disconnect(lms=get_object_or_404(Lms, pk=pk, force_id=request.user.force_id), by=request.user)
    return redirect("training:lms")


@require_POST
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a learning system who is in one of its courses."""
    if not (services.may_connect(request.user) or access.may_teach(request.user)):
        raise PermissionDenied
    context = get_object_or_404(
        LtiContext, pk=pk, deployment__registration__lms__force_id=request.user.force_id
    )
    try:
        number = services.fetch_roster(context=context, by=request.user)
    except CannotDoError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{number} {'person is' if number == 1 else 'people are'} on that roster.")
    return redirect("training:lms")
