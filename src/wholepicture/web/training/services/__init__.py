"""Every change to courses, to what learners do in them, and to keys and records."""

from wholepicture.web.training.services.courses import (
    CannotDoError,
    check_package,
    close_course,
    import_package,
    install_shipped,
    publish,
)

__all__ = [
    "CannotDoError",
    "check_package",
    "close_course",
    "import_package",
    "install_shipped",
    "publish",
]
