"""Django admin as the admin of the demo tenant: their own tenant's lists, without an error in the browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.project.demo.accounts import TENANT_ACCOUNTS, TENANT_ADMIN
from core.project.demo.shop import CHANNELS, NAME, THEMES
from tests.e2e.conftest import OpenPage
from tests.e2e.screen import take_screenshot

LISTS = {
    "tenant": [NAME],
    "user": sorted(account.name for account in TENANT_ACCOUNTS),
    "channel": sorted(CHANNELS),
    "theme": sorted(THEMES),
}


@pytest.fixture(scope="class")
def signed_in(open_page: OpenPage) -> Page:
    """The admin's page after signing in by its own form."""
    page = open_page()
    page.goto("/admin/")
    page.get_by_label("E-mail").fill(TENANT_ADMIN.email)
    page.locator("input[name=password]").fill(TENANT_ADMIN.password)
    page.locator("button[type=submit]").click()
    expect(page).to_have_url(re.compile("/admin/$"))
    return page


class TestTenantAdmin:
    @pytest.mark.parametrize("name", list(LISTS))
    def test_a_list_shows_the_rows_of_this_tenant_alone(self, signed_in: Page, name: str) -> None:
        signed_in.goto(f"/admin/core/{name}/")
        rows = signed_in.locator("#result_list tbody th")
        assert sorted(text.strip() for text in rows.all_inner_texts()) == LISTS[name]
        take_screenshot(signed_in, f"admin-{name}-1440-light")
