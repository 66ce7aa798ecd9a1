"""The first administrator of a force is added in the shell."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import authenticate

from wholepicture.cli.main import main
from wholepicture.web.accounts.models import User

pytestmark = pytest.mark.django_db
ADD = ["user", "alex", "--first", "Alex", "--last", "Marsh", "--force", "First Constabulary"]


def test_the_password_printed_serves_until_another_is_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ADD) == 0
    found = re.search(r"sign in with: (\S+)", capsys.readouterr().out)
    assert found
    user = authenticate(username="alex", password=found[1])
    assert isinstance(user, User)
    assert (user.role, user.must_choose_password, str(user.force)) == (
        "administrator",
        True,
        "First Constabulary",
    )


def test_a_name_taken_or_a_role_unknown_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    main(ADD)
    assert main(ADD) == 2
    assert "There is already a user called alex" in capsys.readouterr().err
    assert main([*ADD, "--role", "chief"]) == 2
    assert "a role is one of officer" in capsys.readouterr().err
