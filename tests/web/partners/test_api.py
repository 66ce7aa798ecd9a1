"""The API for partners, fuzzed from its own OpenAPI: whatever is told, it is taken or refused as it promises."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from wholepicture.web.accounts.models import User
from wholepicture.web.accounts.services import issue_token
from wholepicture.web.config.wsgi import application
from wholepicture.web.partners.models import Referral


@pytest.mark.django_db(transaction=True)
def test_what_openapi_promises_partners_holds(asked: Referral, advocate: User) -> None:
    token = issue_token(user=advocate, name="fuzz")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        path, verb = data.draw(
            st.sampled_from([("/api/v1/referrals", "GET"), ("/api/v1/referrals/{referral}/answers", "POST")])
        )
        case = data.draw(schema[path][verb].as_strategy())
        if path.endswith("answers") and data.draw(st.booleans()):
            case.path_parameters["referral"] = str(asked.pk)
        # Whether a step may be taken now, and that one thing is told at a time, no schema can say.
        case.call_and_validate(
            headers={"Authorization": f"Bearer {token}"}, excluded_checks=[positive_data_acceptance]
        )

    run()
