"""A shop's administrator connects a WhatsApp number in a real browser: QR code, test, first message, health and completeness.

It has a demo of its own, without the demo's data, so that nothing of it is left in the other browser tests' tenant.
"""

import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.project.embedded.home import CHECKOUT, Home
from core.project.embedded.ports import find_port
from tests.e2e.demo import OWN_SETTINGS, Demo
from tests.e2e.screen import AXE, HEIGHTS, SCREENSHOTS, WIDTHS, Listener, tidy
from tests.gateway.server import Gateway
from tests.gateway.steps import Said

HOME = Home(CHECKOUT / ".evosense" / "test" / "whatsapp")
PASSWORD = "uma senha bem comprida"
CUSTOMER = "5511988887777"
# What earlier runs left is taken away, so that nobody listens to gateways that are gone.
MAKE_SHOP = """
import sys
from core.project.boot import boot_django
boot_django()
from core.models import Channel, Tenant, User
from core.tenancy import scope, unscoped_directory
slug, password = sys.argv[1:]
with unscoped_directory(reason="browser test"):
    old = list(Tenant.objects.all())
    shop = Tenant.objects.create(name="Casa Lua", slug=slug)
    User.objects.create_user(f"alice@{slug}.example", password, tenant=shop, name="Alice", role="admin")
for tenant in old:
    with scope(tenant.id):
        Channel.objects.all().delete()
print(shop.id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A running demo with an empty shop in it, and the gateway beside it."""

    demo: Demo
    gateway: Gateway
    tenant_id: str
    email: str

    def count(self, table: str) -> int:
        """Rows of the shop in a table."""
        with psycopg.connect(json.loads(HOME.environment_file.read_text())["DATABASE_URL"]) as connection:
            connection.execute("SELECT set_config('evosense.tenant_id', %s, true)", [self.tenant_id])
            [count] = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or [0]
        return int(count)


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    demo = Demo(home=HOME, port=find_port(), arguments=("--no-data",)).start()
    try:
        slug = f"lua-{secrets.token_hex(4)}"
        environment = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS}
        environment |= json.loads(HOME.environment_file.read_text()) | {"EVOSENSE_HOME": str(HOME.path), "LOG_LEVEL": "WARNING"}
        made = subprocess.run(
            [sys.executable, "-c", MAKE_SHOP, slug, PASSWORD], cwd=CHECKOUT, env=environment, check=True, capture_output=True, text=True
        )
        with Gateway() as gateway:
            yield Shop(demo=demo, gateway=gateway, tenant_id=made.stdout.split()[-1], email=f"alice@{slug}.example")
    finally:
        demo.stop()


@pytest.fixture(scope="module")
def page(browser: Browser, shop: Shop) -> Iterator[Page]:
    """Alice's page after signing in. What the browser calls an error fails the test."""
    context = browser.new_context(
        base_url=shop.demo.address,
        locale="pt-BR",
        viewport={"width": WIDTHS["desk"], "height": HEIGHTS["desk"]},
        reduced_motion="reduce",
    )
    page = context.new_page()
    listener = Listener(page)
    page.goto("/admin/")
    page.locator("input[name=username]").fill(shop.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    expect(page).to_have_url(re.compile("/admin/$"))
    yield page
    context.close()
    assert listener.errors == []


def look(page: Page, name: str) -> None:
    """Keep a picture of the page at both widths, nothing of it wider than the screen, and nothing that axe objects to."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for screen, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": HEIGHTS[screen]})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is too wide at {width}"
        page.screenshot(path=SCREENSHOTS / f"whatsapp-{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": WIDTHS["desk"], "height": HEIGHTS["desk"]})
    # The theme around it is not ours to mend.
    page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run('main')).violations")
    assert [f"{rule['id']} {node['target']} {tidy(node['failureSummary'])}" for rule in found for node in rule["nodes"]] == []


def wait_on(page: Page, is_there: Callable[[], bool], *, what: str, seconds: float = 60) -> None:
    """Load the page again until it shows something."""
    end = time.monotonic() + seconds
    while not is_there():
        assert time.monotonic() < end, f"waited {seconds} s for {what}:\n{page.locator('main').inner_text()}"
        time.sleep(0.3)
        page.reload()


def read_figures(part: Locator) -> dict[str, str]:
    return dict(zip(part.locator(".wa-figures dt").all_inner_texts(), part.locator(".wa-figures dd").all_inner_texts(), strict=True))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_shop_connects_its_number_and_reads_its_first_message(page: Page, shop: Shop) -> None:
    for step in (see_what_to_do, link_phone, receive_message, check_the_way, send_test_message, read_health):
        step(page, shop)


def see_what_to_do(page: Page, shop: Shop) -> None:
    """An empty list says what to do, and a wrong key is explained."""
    page.goto("/admin/core/gatewayconnection/")
    expect(page.get_by_role("heading", name="Conecte seu primeiro número de WhatsApp")).to_be_visible()
    look(page, "empty")
    page.get_by_role("link", name="Conectar WhatsApp").click()
    page.get_by_label("Nome do número").fill("Suporte")
    page.get_by_label("Endereço do gateway").fill(f"{shop.gateway.url}/manager")
    page.get_by_role("textbox", name="Chave").fill("errada")
    press(page, "Conectar")
    expect(page.get_by_text("O gateway recusa esta chave. Um número novo precisa da chave do próprio gateway")).to_be_visible()
    look(page, "connect")


def link_phone(page: Page, shop: Shop) -> None:
    """The code is shown, and the page notices that it was scanned."""
    page.get_by_role("textbox", name="Chave").fill(shop.gateway.api_key)
    press(page, "Conectar")
    code = page.get_by_role("img", name="QR code para vincular o celular")
    expect(code).to_be_visible()
    assert (code.get_attribute("src") or "").startswith("data:image/png;base64,")
    look(page, "code")
    shop.gateway.set_connection("suporte", "open", owner="5511900000003")
    expect(page.get_by_role("heading", name="Conectado", exact=True)).to_be_visible()
    expect(page.get_by_text("+55 11 90000-0003")).to_be_visible()


def receive_message(page: Page, shop: Shop) -> None:
    """A customer's message becomes a conversation."""
    # What the gateway told while the number was being made came before anybody knew of it.
    shop.gateway.reset_tally()
    shop.gateway.deliver("suporte", Said(phone=CUSTOMER, content={"conversation": "bom dia, cadê meu pedido?"}))
    wait_on(page, lambda: read_figures(page.locator("main"))["Recebidas hoje"] == "1", what="the message")
    assert (shop.count("core_message"), shop.count("core_conversation"), shop.count("core_contact")) == (1, 1, 1)
    shop.gateway.wait_until_idle()
    tally = shop.gateway.get_tally()["webhook"]
    assert (tally["delivered"] > 0, tally["refused"], tally["given_up"]) == (True, 0, 0)


def check_the_way(page: Page, shop: Shop) -> None:
    """Every check is green."""
    press(page, "Testar")
    checks = page.locator(".wa-checks li")
    expect(checks).to_have_count(7)
    outcomes = {row.locator("strong").inner_text(): (row.get_attribute("class") or "").removeprefix("tone-") for row in checks.all()}
    assert outcomes.pop("Versão do gateway") in ("good", "quiet")
    assert set(outcomes.values()) == {"good"}, outcomes


def send_test_message(page: Page, shop: Shop) -> None:
    """A test message is followed until it is delivered."""
    page.locator("#send-test").get_by_label("Telefone").fill("11 97777-6666")
    press(page, "Enviar mensagem de teste")
    wait_on(page, lambda: "Entregue" in page.locator("#send-test").inner_text(), what="the delivery")
    [sent] = shop.gateway.find_sent("suporte")
    assert "Esta é uma mensagem de teste do EvoSense, de Suporte." in json.dumps(sent, ensure_ascii=False)
    look(page, "connected")


def read_health(page: Page, shop: Shop) -> None:
    """Health and completeness show it."""
    press(page, "Recuperar agora")
    today = page.locator(".wa-table tbody tr").first
    # Expected, received, read back, missing: our own test message lies in the gateway's store too, and is nobody's talk.
    wait_on(page, lambda: today.locator("td").all_inner_texts()[:4] == ["1", "1", "0", "0"], what="the ledger")
    page.goto("/admin/core/gatewayconnection/")
    card = page.locator(".wa-card")
    expect(card).to_have_count(1)
    assert (card.get_by_role("heading").inner_text(), card.locator(".wa-badge").inner_text()) == ("Suporte", "Conectado")
    look(page, "health")
    page.goto("/admin/core/rawevent/")
    expect(page.locator("#result_list")).to_contain_text("messages.upsert")
    page.goto("/admin/core/channelday/")
    expect(page.locator("#result_list")).to_contain_text("Suporte")
