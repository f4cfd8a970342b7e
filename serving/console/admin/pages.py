"""All pages of who looks after the service."""

from fastapi import APIRouter

from serving.console.admin.audit_page import audit_router
from serving.console.admin.guidance_page import guidance_router
from serving.console.admin.keys_page import keys_router
from serving.console.admin.model_page import model_router
from serving.console.admin.organisations_page import organisations_router
from serving.console.admin.people_page import people_router
from serving.console.admin.person_page import person_router
from serving.console.admin.retention_page import retention_router


def admin_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter()
    for one in (
        people_router(),
        person_router(),
        keys_router(),
        organisations_router(),
        retention_router(),
        guidance_router(),
        model_router(),
        audit_router(),
    ):
        router.include_router(one)
    return router
