"""How urgent each task is stands in one place, the routes, whoever queues it: Redis knows 0, which goes first, to 9."""

from core.project.celery import app

# What messages, and people who wait for a reply, wait for; and what may wait for all of that.
FIRST = {"ingestion.tasks.task_process_inbox", "ingestion.tasks.task_process_waiting", "bots.tasks.task_send", "bots.tasks.task_send_due",
         "bots.tasks.task_hear"}  # fmt: skip
LAST = {
    "ingestion.tasks.task_analyse", "ingestion.tasks.task_analyse_live", "ingestion.tasks.task_analyse_waiting",
    "ingestion.tasks.task_rescore", "ingestion.tasks.task_rescore_waiting", "ingestion.tasks.task_fill_vectors",
    "ingestion.tasks.task_fill_vectors_waiting", "ingestion.tasks.task_purge_events", "bots.tasks.task_brief", "bots.tasks.task_briefings",
    "bots.tasks.task_watch", "bots.tasks.task_alerts", "bots.tasks.task_ask_scheduled", "bots.tasks.task_purge_told",
    "assistant.tasks.task_check_verified", "assistant.tasks.task_check_verified_all",
}  # fmt: skip


def test_urgency_comes_from_the_routes() -> None:
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    found = {name: app.amqp.router.route({}, name).get("priority") for name in ours}
    assert {name for name, priority in found.items() if priority == 0} == FIRST
    assert {name for name, priority in found.items() if priority == 9} >= LAST
    # Read where it is set: the attribute that Celery is about to drop warns whoever asks for it.
    assert {name for name, task in ours.items() if vars(type(task)).get("priority") is not None} == set()
