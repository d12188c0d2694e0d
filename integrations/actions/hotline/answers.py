"""What a partner says to what we asked: an extension, a return, or a request of our own."""

from cases import actions as cases
from cases.choices import Ask, AskState, CaseState
from gridgov.core.errors import Refusal
from gridgov.core.masking import mask_text
from gridgov.core.records import record
from integrations.actions.hotline.orders import tell_leads
from integrations.actions.hotline.review import again
from integrations.actions.hotline.taking import Message, effect
from integrations.choices.hotline import NOTICE_ANSWERED, Asked, InboundState
from integrations.models.hotline import Inbound
from integrations.rules.hotline import about_of, decides_ours


@effect(Asked.ANSWER)
def take_answer(message: Message) -> InboundState:
    """The partner's word about its own deadline counts for its own deadline. Our application it decides only where its
    profile says that it is who decides (`decides`); else whoever decides here reads its word beside the case."""
    order = message.order
    if order.case is None:
        return InboundState.OUTDATED if order.recalled_at else InboundState.HELD
    about, accepted = about_of(message.desk.partner.profile, message.said("about", 40)), message.true("accepted")
    note = mask_text(message.said("note"))[:300]
    if about == Ask.EXTENSION:
        if accepted and (until := message.moment("deadline")):
            order.change(deadline=until)
        if decides_ours(message.desk.partner.profile, about):
            _decide(message, accepted, note)
    elif not accepted and order.case.state == CaseState.REJECTED:
        _take_again(message)
    data = {"about": about, "accepted": accepted, "note": note}
    record("integrations.order_answered", order, by=message.by, at=message.at, data=data)
    if order.case_id:
        tell_leads(message, NOTICE_ANSWERED, answer=note[:60] or str(accepted))
    return InboundState.DONE


def _decide(message: Message, accepted: bool, note: str) -> None:
    order = message.order
    assert order.case is not None
    waiting = order.case.applications.filter(kind=Ask.EXTENSION, state=AskState.PENDING).first()
    if waiting is None:
        return
    try:
        cases.decide(application=waiting, approve=accepted, note=note or str(order), by=message.by, at=message.at)
    except Refusal:
        # Not for the account in whose name it speaks, or decided already: its word stands beside the case all the same.
        return


def _take_again(message: Message) -> None:
    """The partner does not take it back: the order becomes a case anew."""
    order = message.order
    orders = Inbound.objects.filter(order=order, asked=Asked.ORDER, state=InboundState.DONE).order_by("pk")
    order.change(case=None, version=None, heard=0)
    again(orders, message.at)


@effect(Asked.STATUS)
def take_status(message: Message) -> InboundState:
    """How far the partner is with what the grid asked it for."""
    order = message.order
    if order.case is None:
        return InboundState.HELD
    status = message.said("status", 100)
    order.change(status=status, words=mask_text(message.said("note")))
    record("integrations.order_answered", order, by=message.by, at=message.at, data={"status": status})
    tell_leads(message, NOTICE_ANSWERED, answer=status[:60])
    return InboundState.DONE
