"""The options that a fresh CRM starts with; ``""`` is what a missing option reads as, too."""

#: By name, in the original's spelling: flags are "0" and "1", lists are PHP-serialized or JSON.
OPTIONS = {
    # numbers of documents
    "invoice_prefix": "INV-",
    "estimate_prefix": "EST-",
    "credit_note_prefix": "CN-",
    "proposal_number_prefix": "PRO-",
    "invoice_number_format": "1",
    "estimate_number_format": "1",
    "credit_note_number_format": "1",
    "number_padding_prefixes": "6",
    "next_invoice_number": "1",
    "next_estimate_number": "1",
    "next_credit_note_number": "1",
    "invoice_number_decrement_on_delete": "1",
    "estimate_number_decrement_on_delete": "1",
    "credit_note_number_decrement_on_delete": "1",
    "delete_only_on_last_invoice": "1",
    "delete_only_on_last_estimate": "1",
    # what documents start with
    "invoice_due_after": "30",
    "estimate_due_after": "7",
    "proposal_due_after": "7",
    "default_tax": "a:0:{}",
    "predefined_clientnote_invoice": "",
    "predefined_terms_invoice": "",
    "predefined_clientnote_estimate": "",
    "predefined_terms_estimate": "",
    "predefined_clientnote_credit_note": "",
    "predefined_terms_credit_note": "",
    # what happens to them by themselves
    "notification_when_customer_pay_invoice": "1",
    "allow_payment_amount_to_be_modified": "1",
    "estimate_auto_convert_to_invoice_on_client_accept": "1",
    "proposal_auto_convert_to_invoice_on_client_accept": "0",
    "proposal_auto_convert_leads_to_client_on_client_accept": "0",
    "invoice_auto_operations_hour": "21",
    "new_recurring_invoice_action": "generate_and_send",
    # how amounts, dates and languages look
    "decimal_separator": ".",
    "thousand_separator": ",",
    "remove_decimals_on_zero": "0",
    "dateformat": "Y-m-d|%Y-%m-%d",
    "time_format": "24",
    "default_timezone": "Europe/Berlin",
    "active_language": "english",
    # customers, contacts, leads
    "company_requires_vat_number_field": "1",
    "company_is_required": "1",
    "customer_default_country": "",
    "default_contact_permissions": (
        'a:6:{i:0;s:1:"1";i:1;s:1:"2";i:2;s:1:"3";i:3;s:1:"4";i:4;s:1:"5";i:5;s:1:"6";}'
    ),
    "leads_default_source": "",
    "leads_default_status": "",
    "lead_unique_validation": '["email"]',
    "enable_gdpr": "0",
    # tasks and timers
    "default_task_status": "auto",
    "default_task_priority": "2",
    "auto_stop_tasks_timers_on_new_timer": "1",
    "timer_started_change_status_in_progress": "1",
    # tickets
    "default_ticket_reply_status": "3",
    "receive_notification_on_new_ticket": "1",
    "receive_notification_on_new_ticket_replies": "1",
    "access_tickets_to_none_staff_members": "0",
    "staff_related_ticket_notification_to_assignee_only": "0",
    # uploads
    "ticket_attachments_file_extensions": ".jpg,.jpeg,.png,.pdf,.doc,.zip,.rar",
    "maximum_allowed_ticket_attachments": "4",
    "allowed_files": ".png,.jpg,.jpeg,.pdf,.doc,.docx,.xls,.xlsx,.zip,.rar,.txt",
    # the API module
    "api_webhook_delivery_mode": "immediate",
    "api_webhook_ssrf_strict": "0",
    "api_webhook_ssl_verify": "1",
    "api_mcp_enabled": "0",
    "api_staff_visibility": "0",
    "api_auth_throttle_limit": "20",
    "api_thirdparty_allowed_tables": "",
}
