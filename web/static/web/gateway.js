// What moves by itself on the pages of WhatsApp numbers: the QR code, the state, and buttons that say that they are at work.
"use strict";
(() => {
  const page = document.querySelector("[data-live-url]");
  const LINKING_MS = 3000;
  const QUIET_MS = 15000;

  const put = (name, value) => {
    for (const element of page.querySelectorAll(`[data-live="${name}"]`)) element.textContent = value;
  };

  const showCode = (news) => {
    const picture = page.querySelector("[data-live-code]");
    if (!picture) return;
    const isPicture = /^data:image\/(png|jpeg|gif|webp);base64,/.test(news.code);
    if (isPicture && picture.getAttribute("src") !== news.code) picture.src = news.code;
    picture.hidden = !isPicture;
    page.querySelector("[data-live-wait]").hidden = isPicture;
    const pairing = page.querySelector("[data-live-pairing]");
    pairing.hidden = !news.pairing_code;
    pairing.querySelector("strong").textContent = news.pairing_code;
  };

  // A form that somebody is filling in is not taken away from them.
  const isTouched = () =>
    [...page.querySelectorAll("input:not([type=hidden])")].some((field) =>
      ["checkbox", "radio"].includes(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue,
    );

  const look = async () => {
    if (!document.hidden) {
      try {
        const response = await fetch(page.dataset.liveUrl, { credentials: "same-origin", headers: { Accept: "application/json" } });
        if (response.ok && !response.redirected) {
          const news = await response.json();
          if (news.state !== page.dataset.state && !isTouched()) {
            window.location.reload();
            return;
          }
          showCode(news);
          put("last_event", news.last_event);
          put("received", news.received);
        }
      } catch {
        // The next look may reach the server again.
      }
    }
    window.setTimeout(look, ["unknown", "connecting", "closed"].includes(page.dataset.state) ? LINKING_MS : QUIET_MS);
  };
  if (page) window.setTimeout(look, LINKING_MS);

  for (const form of document.querySelectorAll(".wa form")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
        event.preventDefault();
        return;
      }
      const button = event.submitter;
      if (!button || !button.dataset.busy) return;
      button.lastElementChild.textContent = button.dataset.busy;
      button.setAttribute("aria-busy", "true");
      window.setTimeout(() => (button.disabled = true));
    });
  }

  const showWay = () => {
    const chosen = document.querySelector("input[name=way]:checked");
    for (const part of document.querySelectorAll("[data-way]")) part.hidden = !chosen || part.dataset.way !== chosen.value;
  };
  for (const choice of document.querySelectorAll("input[name=way]")) choice.addEventListener("change", showWay);
  showWay();
})();
