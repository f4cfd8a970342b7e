"""All pages of the console, for the app of the service."""

from fastapi import APIRouter

from serving.console.admin.pages import admin_router
from serving.console.image_sending import image_sending_router
from serving.console.item_changes import item_changes_router
from serving.console.item_image import item_image_router
from serving.console.item_page import item_router
from serving.console.me_page import me_router
from serving.console.new_password_page import new_password_router
from serving.console.overview_page import overview_router
from serving.console.queue_page import queue_router
from serving.console.screen_page import screen_router
from serving.console.shift_page import shift_router
from serving.console.sign_in import sign_in_router
from serving.console.static_files import static_router
from serving.console.undoing import undo_router
from serving.console.upload_page import upload_router
from serving.console.upload_sending import sending_router
from serving.console.visit import keep_forms_in_memory


def console_router() -> APIRouter:
    """Return the routes; they work at the desk in the state of their app."""
    router = APIRouter()
    keep_forms_in_memory()
    for one in (
        screen_router(),
        queue_router(),
        undo_router(),
        item_router(),
        shift_router(),
        overview_router(),
        admin_router(),
        me_router(),
        new_password_router(),
        item_changes_router(),
        item_image_router(),
        sending_router(),
        image_sending_router(),
        upload_router(),
        sign_in_router(),
        static_router(),
    ):
        router.include_router(one)
    return router
