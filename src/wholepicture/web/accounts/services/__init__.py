"""Every change to users, to the systems that are told of what happens, and to what is sent to them."""

from wholepicture.web.accounts.services.chores import chores_now, do_what_is_due
from wholepicture.web.accounts.services.held import hold_form, let_go, note_sent
from wholepicture.web.accounts.services.outgoing import (
    deliver_due,
    forget_sent,
    send_again,
    tell_people,
    tell_systems,
)
from wholepicture.web.accounts.services.setting_up import begin_site, is_code, set_up_code
from wholepicture.web.accounts.services.staff import add_staff, read_staff
from wholepicture.web.accounts.services.systems import add_webhook, stop_webhook
from wholepicture.web.accounts.services.users import (
    CannotDoError,
    close_account,
    end_sessions,
    give_password,
    issue_token,
    make_account,
    make_demo_force,
    open_account,
    revoke_token,
    set_role,
    set_team,
    take_off_second_factor,
)

__all__ = [
    "CannotDoError",
    "add_staff",
    "add_webhook",
    "begin_site",
    "chores_now",
    "close_account",
    "deliver_due",
    "do_what_is_due",
    "end_sessions",
    "forget_sent",
    "give_password",
    "hold_form",
    "is_code",
    "issue_token",
    "let_go",
    "make_account",
    "make_demo_force",
    "note_sent",
    "open_account",
    "read_staff",
    "revoke_token",
    "send_again",
    "set_role",
    "set_team",
    "set_up_code",
    "stop_webhook",
    "take_off_second_factor",
    "tell_people",
    "tell_systems",
]
