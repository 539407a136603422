-- The tables of a Perfex 3.4.1 database and of its API module 3.0.3, as the server describes them.
-- "since": the version that added the table, the column or the index.
SET foreign_key_checks = 0;
CREATE TABLE `tblactivity_log` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `description` longtext NOT NULL,
  `date` datetime NOT NULL,
  `staffid` varchar(100) NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `staffid` (`staffid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblannouncements` (
  `announcementid` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(191) NOT NULL,
  `message` mediumtext NULL DEFAULT NULL,
  `showtousers` int(11) NOT NULL,
  `showtostaff` int(11) NOT NULL,
  `showname` int(11) NOT NULL,
  `dateadded` datetime NOT NULL,
  `userid` varchar(100) NOT NULL,
  PRIMARY KEY (`announcementid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblclients` (
  `userid` int(11) NOT NULL AUTO_INCREMENT,
  `company` varchar(191) NULL DEFAULT NULL,
  `vat` varchar(50) NULL DEFAULT NULL,
  `phonenumber` varchar(30) NULL DEFAULT NULL,
  `country` int(11) NOT NULL DEFAULT '0',
  `city` varchar(100) NULL DEFAULT NULL,
  `zip` varchar(15) NULL DEFAULT NULL,
  `state` varchar(50) NULL DEFAULT NULL,
  `address` varchar(191) NULL DEFAULT NULL,
  `website` varchar(150) NULL DEFAULT NULL,
  `datecreated` datetime NOT NULL,
  `active` int(11) NOT NULL DEFAULT '1',
  `leadid` int(11) NULL DEFAULT NULL,
  `billing_street` varchar(200) NULL DEFAULT NULL,
  `billing_city` varchar(100) NULL DEFAULT NULL,
  `billing_state` varchar(100) NULL DEFAULT NULL,
  `billing_zip` varchar(100) NULL DEFAULT NULL,
  `billing_country` int(11) NULL DEFAULT '0',
  `shipping_street` varchar(200) NULL DEFAULT NULL,
  `shipping_city` varchar(100) NULL DEFAULT NULL,
  `shipping_state` varchar(100) NULL DEFAULT NULL,
  `shipping_zip` varchar(100) NULL DEFAULT NULL,
  `shipping_country` int(11) NULL DEFAULT '0',
  `longitude` varchar(191) NULL DEFAULT NULL,
  `latitude` varchar(191) NULL DEFAULT NULL,
  `default_language` varchar(40) NULL DEFAULT NULL,
  `default_currency` int(11) NOT NULL DEFAULT '0',
  `show_primary_contact` int(11) NOT NULL DEFAULT '0',
  `stripe_id` varchar(40) NULL DEFAULT NULL,
  `registration_confirmed` int(11) NOT NULL DEFAULT '1',
  `addedfrom` int(11) NOT NULL DEFAULT '0',
  PRIMARY KEY (`userid`),
  KEY `active` (`active`),
  KEY `company` (`company`),
  KEY `country` (`country`),
  KEY `leadid` (`leadid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblconsent_purposes` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(100) NOT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  `date_created` datetime NOT NULL,
  `last_updated` datetime NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblconsents` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `action` varchar(10) NOT NULL,
  `date` datetime NOT NULL,
  `ip` varchar(40) NOT NULL,
  `contact_id` int(11) NOT NULL DEFAULT '0',
  `lead_id` int(11) NOT NULL DEFAULT '0',
  `description` mediumtext NULL DEFAULT NULL,
  `opt_in_purpose_description` mediumtext NULL DEFAULT NULL,
  `purpose_id` int(11) NOT NULL,
  `staff_name` varchar(100) NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `contact_id` (`contact_id`),
  KEY `lead_id` (`lead_id`),
  KEY `purpose_id` (`purpose_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcontact_permissions` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `permission_id` int(11) NOT NULL,
  `userid` int(11) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcontacts` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `userid` int(11) NOT NULL,
  `is_primary` int(11) NOT NULL DEFAULT '1',
  `firstname` varchar(191) NOT NULL,
  `lastname` varchar(191) NOT NULL,
  `email` varchar(100) NOT NULL,
  `phonenumber` varchar(100) NOT NULL,
  `title` varchar(100) NULL DEFAULT NULL,
  `datecreated` datetime NOT NULL,
  `password` varchar(255) NULL DEFAULT NULL,
  `new_pass_key` varchar(32) NULL DEFAULT NULL,
  `new_pass_key_requested` datetime NULL DEFAULT NULL,
  `email_verified_at` datetime NULL DEFAULT NULL,
  `email_verification_key` varchar(32) NULL DEFAULT NULL,
  `email_verification_sent_at` datetime NULL DEFAULT NULL,
  `last_ip` varchar(40) NULL DEFAULT NULL,
  `last_login` datetime NULL DEFAULT NULL,
  `last_password_change` datetime NULL DEFAULT NULL,
  `active` tinyint(1) NOT NULL DEFAULT '1',
  `profile_image` varchar(191) NULL DEFAULT NULL,
  `direction` varchar(3) NULL DEFAULT NULL,
  `invoice_emails` tinyint(1) NOT NULL DEFAULT '1',
  `estimate_emails` tinyint(1) NOT NULL DEFAULT '1',
  `credit_note_emails` tinyint(1) NOT NULL DEFAULT '1',
  `contract_emails` tinyint(1) NOT NULL DEFAULT '1',
  `task_emails` tinyint(1) NOT NULL DEFAULT '1',
  `project_emails` tinyint(1) NOT NULL DEFAULT '1',
  `ticket_emails` tinyint(1) NOT NULL DEFAULT '1',
  PRIMARY KEY (`id`),
  KEY `email` (`email`),
  KEY `firstname` (`firstname`),
  KEY `is_primary` (`is_primary`),
  KEY `lastname` (`lastname`),
  KEY `userid` (`userid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcontract_comments` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `content` longtext NULL DEFAULT NULL,
  `contract_id` int(11) NOT NULL,
  `staffid` int(11) NOT NULL,
  `dateadded` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcontract_renewals` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `contractid` int(11) NOT NULL,
  `old_start_date` date NOT NULL,
  `new_start_date` date NOT NULL,
  `old_end_date` date NULL DEFAULT NULL,
  `new_end_date` date NULL DEFAULT NULL,
  `old_value` decimal(15,2) NULL DEFAULT NULL,
  `new_value` decimal(15,2) NULL DEFAULT NULL,
  `date_renewed` datetime NOT NULL,
  `renewed_by` varchar(100) NOT NULL,
  `renewed_by_staff_id` int(11) NOT NULL DEFAULT '0',
  `is_on_old_expiry_notified` int(11) NULL DEFAULT '0',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcontracts` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `content` longtext NULL DEFAULT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  `subject` varchar(191) NULL DEFAULT NULL,
  `client` int(11) NOT NULL,
  `datestart` date NULL DEFAULT NULL,
  `dateend` date NULL DEFAULT NULL,
  `contract_type` int(11) NULL DEFAULT NULL,
  `project_id` int(11) NULL DEFAULT NULL, -- since 2.5.0
  `addedfrom` int(11) NOT NULL,
  `dateadded` datetime NOT NULL,
  `isexpirynotified` int(11) NOT NULL DEFAULT '0',
  `contract_value` decimal(15,2) NULL DEFAULT NULL,
  `trash` tinyint(1) NULL DEFAULT '0',
  `not_visible_to_client` tinyint(1) NOT NULL DEFAULT '0',
  `hash` varchar(32) NULL DEFAULT NULL,
  `signed` tinyint(1) NOT NULL DEFAULT '0',
  `signature` varchar(40) NULL DEFAULT NULL,
  `marked_as_signed` tinyint(1) NOT NULL DEFAULT '0', -- since 2.4.1
  `acceptance_firstname` varchar(50) NULL DEFAULT NULL,
  `acceptance_lastname` varchar(50) NULL DEFAULT NULL,
  `acceptance_email` varchar(100) NULL DEFAULT NULL,
  `acceptance_date` datetime NULL DEFAULT NULL,
  `acceptance_ip` varchar(40) NULL DEFAULT NULL,
  `short_link` varchar(100) NULL DEFAULT NULL, -- since 2.7.3
  `last_sent_at` datetime NULL DEFAULT NULL, -- since 3.0.5
  `contacts_sent_to` mediumtext NULL DEFAULT NULL, -- since 3.0.5
  `last_sign_reminder_at` datetime NULL DEFAULT NULL, -- since 3.0.5
  PRIMARY KEY (`id`),
  KEY `client` (`client`),
  KEY `contract_type` (`contract_type`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcontracts_types` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` longtext NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcountries` (
  `country_id` int(11) NOT NULL AUTO_INCREMENT,
  `iso2` char(2) NULL DEFAULT NULL,
  `short_name` varchar(80) NOT NULL DEFAULT '',
  `long_name` varchar(80) NOT NULL DEFAULT '',
  `iso3` char(3) NULL DEFAULT NULL,
  `numcode` varchar(6) NULL DEFAULT NULL,
  `un_member` varchar(12) NULL DEFAULT NULL,
  `calling_code` varchar(8) NULL DEFAULT NULL,
  `cctld` varchar(5) NULL DEFAULT NULL,
  PRIMARY KEY (`country_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcreditnote_refunds` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `credit_note_id` int(11) NOT NULL,
  `staff_id` int(11) NOT NULL,
  `refunded_on` date NOT NULL,
  `payment_mode` varchar(40) NOT NULL,
  `note` mediumtext NULL DEFAULT NULL,
  `amount` decimal(15,2) NOT NULL,
  `created_at` datetime NULL DEFAULT NULL, -- since 2.3.2
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcreditnotes` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `clientid` int(11) NOT NULL,
  `deleted_customer_name` varchar(100) NULL DEFAULT NULL,
  `number` int(11) NOT NULL,
  `prefix` varchar(50) NULL DEFAULT NULL,
  `number_format` int(11) NOT NULL DEFAULT '1',
  `formatted_number` varchar(100) NULL DEFAULT NULL, -- since 3.2.0
  `datecreated` datetime NOT NULL,
  `date` date NOT NULL,
  `adminnote` mediumtext NULL DEFAULT NULL,
  `terms` mediumtext NULL DEFAULT NULL,
  `clientnote` mediumtext NULL DEFAULT NULL,
  `currency` int(11) NOT NULL,
  `subtotal` decimal(15,2) NOT NULL,
  `total_tax` decimal(15,2) NOT NULL DEFAULT '0.00',
  `total` decimal(15,2) NOT NULL,
  `adjustment` decimal(15,2) NULL DEFAULT NULL,
  `addedfrom` int(11) NULL DEFAULT NULL,
  `status` int(11) NULL DEFAULT '1',
  `project_id` int(11) NOT NULL DEFAULT '0',
  `discount_percent` decimal(15,2) NULL DEFAULT '0.00',
  `discount_total` decimal(15,2) NULL DEFAULT '0.00',
  `discount_type` varchar(30) NOT NULL,
  `billing_street` varchar(200) NULL DEFAULT NULL,
  `billing_city` varchar(100) NULL DEFAULT NULL,
  `billing_state` varchar(100) NULL DEFAULT NULL,
  `billing_zip` varchar(100) NULL DEFAULT NULL,
  `billing_country` int(11) NULL DEFAULT NULL,
  `shipping_street` varchar(200) NULL DEFAULT NULL,
  `shipping_city` varchar(100) NULL DEFAULT NULL,
  `shipping_state` varchar(100) NULL DEFAULT NULL,
  `shipping_zip` varchar(100) NULL DEFAULT NULL,
  `shipping_country` int(11) NULL DEFAULT NULL,
  `include_shipping` tinyint(1) NOT NULL,
  `show_shipping_on_credit_note` tinyint(1) NOT NULL DEFAULT '1',
  `show_quantity_as` int(11) NOT NULL DEFAULT '1',
  `reference_no` varchar(100) NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `clientid` (`clientid`),
  KEY `currency` (`currency`),
  KEY `formatted_number` (`formatted_number`), -- since 3.2.0
  KEY `project_id` (`project_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcredits` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `invoice_id` int(11) NOT NULL,
  `credit_id` int(11) NOT NULL,
  `staff_id` int(11) NOT NULL,
  `date` date NOT NULL,
  `date_applied` datetime NOT NULL,
  `amount` decimal(15,2) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcurrencies` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `symbol` varchar(10) NOT NULL,
  `name` varchar(100) NOT NULL,
  `decimal_separator` varchar(5) NULL DEFAULT NULL, -- since 2.3.2
  `thousand_separator` varchar(5) NULL DEFAULT NULL, -- since 2.3.2
  `placement` varchar(10) NULL DEFAULT NULL, -- since 2.3.2
  `isdefault` tinyint(1) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcustomer_admins` (
  `staff_id` int(11) NOT NULL,
  `customer_id` int(11) NOT NULL,
  `date_assigned` mediumtext NOT NULL,
  KEY `customer_id` (`customer_id`),
  KEY `staff_id` (`staff_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcustomer_groups` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `groupid` int(11) NOT NULL,
  `customer_id` int(11) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `customer_id` (`customer_id`),
  KEY `groupid` (`groupid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcustomers_groups` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(191) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `name` (`name`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcustomfields` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `fieldto` varchar(30) NULL DEFAULT NULL,
  `name` varchar(150) NOT NULL,
  `slug` varchar(150) NOT NULL,
  `required` tinyint(1) NOT NULL DEFAULT '0',
  `type` varchar(20) NOT NULL,
  `options` longtext NULL DEFAULT NULL,
  `display_inline` tinyint(1) NOT NULL DEFAULT '0',
  `field_order` int(11) NULL DEFAULT '0',
  `active` int(11) NOT NULL DEFAULT '1',
  `show_on_pdf` int(11) NOT NULL DEFAULT '0',
  `show_on_ticket_form` tinyint(1) NOT NULL DEFAULT '0',
  `only_admin` tinyint(1) NOT NULL DEFAULT '0',
  `show_on_table` tinyint(1) NOT NULL DEFAULT '0',
  `show_on_client_portal` int(11) NOT NULL DEFAULT '0',
  `disalow_client_to_edit` int(11) NOT NULL DEFAULT '0',
  `bs_column` int(11) NOT NULL DEFAULT '12',
  `default_value` mediumtext NULL DEFAULT NULL, -- since 2.8.3
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblcustomfieldsvalues` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `relid` int(11) NOT NULL,
  `fieldid` int(11) NOT NULL,
  `fieldto` varchar(15) NOT NULL,
  `value` mediumtext NOT NULL,
  PRIMARY KEY (`id`),
  KEY `fieldid` (`fieldid`),
  KEY `fieldto` (`fieldto`),
  KEY `relid` (`relid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbldepartments` (
  `departmentid` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(100) NOT NULL,
  `imap_username` varchar(191) NULL DEFAULT NULL,
  `email` varchar(100) NULL DEFAULT NULL,
  `email_from_header` tinyint(1) NOT NULL DEFAULT '0',
  `host` varchar(150) NULL DEFAULT NULL,
  `password` longtext NULL DEFAULT NULL,
  `encryption` varchar(3) NULL DEFAULT NULL,
  `folder` varchar(191) NOT NULL DEFAULT 'INBOX', -- since 2.7.1
  `delete_after_import` int(11) NOT NULL DEFAULT '0',
  `calendar_id` longtext NULL DEFAULT NULL,
  `hidefromclient` tinyint(1) NOT NULL DEFAULT '0',
  PRIMARY KEY (`departmentid`),
  KEY `name` (`name`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbldismissed_announcements` (
  `dismissedannouncementid` int(11) NOT NULL AUTO_INCREMENT,
  `announcementid` int(11) NOT NULL,
  `staff` int(11) NOT NULL,
  `userid` int(11) NOT NULL,
  PRIMARY KEY (`dismissedannouncementid`),
  KEY `announcementid` (`announcementid`),
  KEY `staff` (`staff`),
  KEY `userid` (`userid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblemailtemplates` (
  `emailtemplateid` int(11) NOT NULL AUTO_INCREMENT,
  `type` longtext NOT NULL,
  `slug` varchar(100) NOT NULL,
  `language` varchar(40) NULL DEFAULT NULL,
  `name` longtext NOT NULL,
  `subject` longtext NOT NULL,
  `message` longtext NOT NULL,
  `fromname` longtext NOT NULL,
  `fromemail` varchar(100) NULL DEFAULT NULL,
  `plaintext` int(11) NOT NULL DEFAULT '0',
  `active` tinyint(4) NOT NULL DEFAULT '0',
  `order` int(11) NOT NULL,
  PRIMARY KEY (`emailtemplateid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblestimate_request_forms` ( -- since 2.8.0
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `form_key` varchar(32) NOT NULL,
  `type` varchar(100) NOT NULL,
  `name` varchar(191) NOT NULL,
  `form_data` longtext NULL DEFAULT NULL,
  `recaptcha` int(11) NULL DEFAULT NULL,
  `status` int(11) NOT NULL,
  `submit_btn_name` varchar(100) NULL DEFAULT NULL,
  `submit_btn_bg_color` varchar(10) NULL DEFAULT '#84c529',
  `submit_btn_text_color` varchar(10) NULL DEFAULT '#ffffff',
  `success_submit_msg` mediumtext NULL DEFAULT NULL,
  `submit_action` int(11) NULL DEFAULT '0',
  `submit_redirect_url` longtext NULL DEFAULT NULL,
  `language` varchar(100) NULL DEFAULT NULL,
  `dateadded` datetime NULL DEFAULT NULL,
  `notify_type` varchar(100) NULL DEFAULT NULL,
  `notify_ids` longtext NULL DEFAULT NULL,
  `responsible` int(11) NULL DEFAULT NULL,
  `notify_request_submitted` int(11) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblestimate_request_status` ( -- since 2.8.0
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(50) NOT NULL,
  `statusorder` int(11) NULL DEFAULT NULL,
  `color` varchar(10) NULL DEFAULT NULL,
  `flag` varchar(30) NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblestimate_requests` ( -- since 2.8.0
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `email` varchar(100) NOT NULL,
  `submission` longtext NOT NULL,
  `last_status_change` datetime NULL DEFAULT NULL,
  `date_estimated` datetime NULL DEFAULT NULL,
  `from_form_id` int(11) NULL DEFAULT NULL,
  `assigned` int(11) NULL DEFAULT NULL,
  `status` int(11) NULL DEFAULT NULL,
  `default_language` int(11) NOT NULL,
  `date_added` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblestimates` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `sent` tinyint(1) NOT NULL DEFAULT '0',
  `datesend` datetime NULL DEFAULT NULL,
  `clientid` int(11) NOT NULL,
  `deleted_customer_name` varchar(100) NULL DEFAULT NULL,
  `project_id` int(11) NOT NULL DEFAULT '0',
  `number` int(11) NOT NULL,
  `prefix` varchar(50) NULL DEFAULT NULL,
  `number_format` int(11) NOT NULL DEFAULT '0',
  `formatted_number` varchar(100) NULL DEFAULT NULL, -- since 3.2.0
  `hash` varchar(32) NULL DEFAULT NULL,
  `datecreated` datetime NOT NULL,
  `date` date NOT NULL,
  `expirydate` date NULL DEFAULT NULL,
  `currency` int(11) NOT NULL,
  `subtotal` decimal(15,2) NOT NULL,
  `total_tax` decimal(15,2) NOT NULL DEFAULT '0.00',
  `total` decimal(15,2) NOT NULL,
  `adjustment` decimal(15,2) NULL DEFAULT NULL,
  `addedfrom` int(11) NOT NULL,
  `status` int(11) NOT NULL DEFAULT '1',
  `clientnote` mediumtext NULL DEFAULT NULL,
  `adminnote` mediumtext NULL DEFAULT NULL,
  `discount_percent` decimal(15,2) NULL DEFAULT '0.00',
  `discount_total` decimal(15,2) NULL DEFAULT '0.00',
  `discount_type` varchar(30) NULL DEFAULT NULL,
  `invoiceid` int(11) NULL DEFAULT NULL,
  `invoiced_date` datetime NULL DEFAULT NULL,
  `terms` mediumtext NULL DEFAULT NULL,
  `reference_no` varchar(100) NULL DEFAULT NULL,
  `sale_agent` int(11) NOT NULL DEFAULT '0',
  `billing_street` varchar(200) NULL DEFAULT NULL,
  `billing_city` varchar(100) NULL DEFAULT NULL,
  `billing_state` varchar(100) NULL DEFAULT NULL,
  `billing_zip` varchar(100) NULL DEFAULT NULL,
  `billing_country` int(11) NULL DEFAULT NULL,
  `shipping_street` varchar(200) NULL DEFAULT NULL,
  `shipping_city` varchar(100) NULL DEFAULT NULL,
  `shipping_state` varchar(100) NULL DEFAULT NULL,
  `shipping_zip` varchar(100) NULL DEFAULT NULL,
  `shipping_country` int(11) NULL DEFAULT NULL,
  `include_shipping` tinyint(1) NOT NULL,
  `show_shipping_on_estimate` tinyint(1) NOT NULL DEFAULT '1',
  `show_quantity_as` int(11) NOT NULL DEFAULT '1',
  `pipeline_order` int(11) NULL DEFAULT '1',
  `is_expiry_notified` int(11) NOT NULL DEFAULT '0',
  `acceptance_firstname` varchar(50) NULL DEFAULT NULL,
  `acceptance_lastname` varchar(50) NULL DEFAULT NULL,
  `acceptance_email` varchar(100) NULL DEFAULT NULL,
  `acceptance_date` datetime NULL DEFAULT NULL,
  `acceptance_ip` varchar(40) NULL DEFAULT NULL,
  `signature` varchar(40) NULL DEFAULT NULL,
  `short_link` varchar(100) NULL DEFAULT NULL, -- since 2.7.3
  PRIMARY KEY (`id`),
  KEY `clientid` (`clientid`),
  KEY `currency` (`currency`),
  KEY `formatted_number` (`formatted_number`), -- since 3.2.0
  KEY `project_id` (`project_id`),
  KEY `sale_agent` (`sale_agent`),
  KEY `status` (`status`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblevents` (
  `eventid` int(11) NOT NULL AUTO_INCREMENT,
  `title` longtext NOT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  `userid` int(11) NOT NULL,
  `start` datetime NOT NULL,
  `end` datetime NULL DEFAULT NULL,
  `public` int(11) NOT NULL DEFAULT '0',
  `color` varchar(10) NULL DEFAULT NULL,
  `isstartnotified` tinyint(1) NOT NULL DEFAULT '0',
  `reminder_before` int(11) NOT NULL DEFAULT '0',
  `reminder_before_type` varchar(10) NULL DEFAULT NULL,
  PRIMARY KEY (`eventid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblexpenses` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `category` int(11) NOT NULL,
  `currency` int(11) NOT NULL,
  `amount` decimal(15,2) NOT NULL,
  `tax` int(11) NULL DEFAULT NULL,
  `tax2` int(11) NOT NULL DEFAULT '0',
  `reference_no` varchar(100) NULL DEFAULT NULL,
  `note` mediumtext NULL DEFAULT NULL,
  `expense_name` varchar(191) NULL DEFAULT NULL,
  `clientid` int(11) NOT NULL,
  `project_id` int(11) NOT NULL DEFAULT '0',
  `billable` int(11) NULL DEFAULT '0',
  `invoiceid` int(11) NULL DEFAULT NULL,
  `paymentmode` varchar(50) NULL DEFAULT NULL,
  `date` date NOT NULL,
  `recurring_type` varchar(10) NULL DEFAULT NULL,
  `repeat_every` int(11) NULL DEFAULT NULL,
  `recurring` int(11) NOT NULL DEFAULT '0',
  `cycles` int(11) NOT NULL DEFAULT '0',
  `total_cycles` int(11) NOT NULL DEFAULT '0',
  `custom_recurring` int(11) NOT NULL DEFAULT '0',
  `last_recurring_date` date NULL DEFAULT NULL,
  `create_invoice_billable` tinyint(1) NULL DEFAULT NULL,
  `send_invoice_to_customer` tinyint(1) NOT NULL,
  `recurring_from` int(11) NULL DEFAULT NULL,
  `dateadded` datetime NOT NULL,
  `addedfrom` int(11) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `category` (`category`),
  KEY `clientid` (`clientid`),
  KEY `currency` (`currency`),
  KEY `project_id` (`project_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblexpenses_categories` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(191) NOT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblfiles` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `rel_id` int(11) NOT NULL,
  `rel_type` varchar(20) NOT NULL,
  `file_name` varchar(191) NOT NULL,
  `filetype` varchar(40) NULL DEFAULT NULL,
  `visible_to_customer` int(11) NOT NULL DEFAULT '0',
  `attachment_key` varchar(32) NULL DEFAULT NULL,
  `external` varchar(40) NULL DEFAULT NULL,
  `external_link` mediumtext NULL DEFAULT NULL,
  `thumbnail_link` mediumtext NULL DEFAULT NULL,
  `staffid` int(11) NOT NULL,
  `contact_id` int(11) NULL DEFAULT '0',
  `task_comment_id` int(11) NOT NULL DEFAULT '0',
  `dateadded` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `rel_id` (`rel_id`),
  KEY `rel_type` (`rel_type`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblfilter_defaults` ( -- since 3.1.0
  `filter_id` int(10) unsigned NOT NULL,
  `staff_id` int(11) NOT NULL,
  `identifier` varchar(191) NOT NULL,
  `view` varchar(191) NOT NULL,
  KEY `filter_id` (`filter_id`),
  KEY `staff_id` (`staff_id`),
  FOREIGN KEY (`filter_id`) REFERENCES `tblfilters` (`id`) ON DELETE CASCADE,
  FOREIGN KEY (`staff_id`) REFERENCES `tblstaff` (`staffid`) ON DELETE CASCADE
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblfilters` ( -- since 3.1.0
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(191) NOT NULL,
  `builder` mediumtext NOT NULL,
  `staff_id` int(10) unsigned NOT NULL,
  `identifier` varchar(191) NOT NULL,
  `is_shared` tinyint(3) unsigned NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblform_question_box` (
  `boxid` int(11) NOT NULL AUTO_INCREMENT,
  `boxtype` varchar(10) NOT NULL,
  `questionid` int(11) NOT NULL,
  PRIMARY KEY (`boxid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblform_question_box_description` (
  `questionboxdescriptionid` int(11) NOT NULL AUTO_INCREMENT,
  `description` longtext NOT NULL,
  `boxid` longtext NOT NULL,
  `questionid` int(11) NOT NULL,
  PRIMARY KEY (`questionboxdescriptionid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblform_questions` (
  `questionid` int(11) NOT NULL AUTO_INCREMENT,
  `rel_id` int(11) NOT NULL,
  `rel_type` varchar(20) NULL DEFAULT NULL,
  `question` longtext NOT NULL,
  `required` tinyint(1) NOT NULL DEFAULT '0',
  `question_order` int(11) NOT NULL,
  PRIMARY KEY (`questionid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblform_results` (
  `resultid` int(11) NOT NULL AUTO_INCREMENT,
  `boxid` int(11) NOT NULL,
  `boxdescriptionid` int(11) NULL DEFAULT NULL,
  `rel_id` int(11) NOT NULL,
  `rel_type` varchar(20) NULL DEFAULT NULL,
  `questionid` int(11) NOT NULL,
  `answer` mediumtext NULL DEFAULT NULL,
  `resultsetid` int(11) NOT NULL,
  PRIMARY KEY (`resultid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblgdpr_requests` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `clientid` int(11) NOT NULL DEFAULT '0',
  `contact_id` int(11) NOT NULL DEFAULT '0',
  `lead_id` int(11) NOT NULL DEFAULT '0',
  `request_type` varchar(191) NULL DEFAULT NULL,
  `status` varchar(40) NULL DEFAULT NULL,
  `request_date` datetime NOT NULL,
  `request_from` varchar(150) NULL DEFAULT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblinvoicepaymentrecords` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `invoiceid` int(11) NOT NULL,
  `amount` decimal(15,2) NOT NULL,
  `paymentmode` varchar(40) NULL DEFAULT NULL,
  `paymentmethod` varchar(191) NULL DEFAULT NULL,
  `date` date NOT NULL,
  `daterecorded` datetime NOT NULL,
  `note` mediumtext NULL DEFAULT NULL,
  `transactionid` longtext NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `invoiceid` (`invoiceid`),
  KEY `paymentmethod` (`paymentmethod`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblinvoices` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `sent` tinyint(1) NOT NULL DEFAULT '0',
  `datesend` datetime NULL DEFAULT NULL,
  `clientid` int(11) NOT NULL,
  `deleted_customer_name` varchar(100) NULL DEFAULT NULL,
  `number` int(11) NOT NULL,
  `prefix` varchar(50) NULL DEFAULT NULL,
  `number_format` int(11) NOT NULL DEFAULT '0',
  `formatted_number` varchar(100) NULL DEFAULT NULL, -- since 3.2.0
  `datecreated` datetime NOT NULL,
  `date` date NOT NULL,
  `duedate` date NULL DEFAULT NULL,
  `currency` int(11) NOT NULL,
  `subtotal` decimal(15,2) NOT NULL,
  `total_tax` decimal(15,2) NOT NULL DEFAULT '0.00',
  `total` decimal(15,2) NOT NULL,
  `adjustment` decimal(15,2) NULL DEFAULT NULL,
  `addedfrom` int(11) NULL DEFAULT NULL,
  `hash` varchar(32) NOT NULL,
  `status` int(11) NULL DEFAULT '1',
  `clientnote` mediumtext NULL DEFAULT NULL,
  `adminnote` mediumtext NULL DEFAULT NULL,
  `last_overdue_reminder` date NULL DEFAULT NULL,
  `last_due_reminder` date NULL DEFAULT NULL, -- since 2.8.0
  `cancel_overdue_reminders` int(11) NOT NULL DEFAULT '0',
  `allowed_payment_modes` longtext NULL DEFAULT NULL,
  `token` longtext NULL DEFAULT NULL,
  `discount_percent` decimal(15,2) NULL DEFAULT '0.00',
  `discount_total` decimal(15,2) NULL DEFAULT '0.00',
  `discount_type` varchar(30) NOT NULL,
  `recurring` int(11) NOT NULL DEFAULT '0',
  `recurring_type` varchar(10) NULL DEFAULT NULL,
  `custom_recurring` tinyint(1) NOT NULL DEFAULT '0',
  `cycles` int(11) NOT NULL DEFAULT '0',
  `total_cycles` int(11) NOT NULL DEFAULT '0',
  `is_recurring_from` int(11) NULL DEFAULT NULL,
  `last_recurring_date` date NULL DEFAULT NULL,
  `terms` mediumtext NULL DEFAULT NULL,
  `sale_agent` int(11) NOT NULL DEFAULT '0',
  `billing_street` varchar(200) NULL DEFAULT NULL,
  `billing_city` varchar(100) NULL DEFAULT NULL,
  `billing_state` varchar(100) NULL DEFAULT NULL,
  `billing_zip` varchar(100) NULL DEFAULT NULL,
  `billing_country` int(11) NULL DEFAULT NULL,
  `shipping_street` varchar(200) NULL DEFAULT NULL,
  `shipping_city` varchar(100) NULL DEFAULT NULL,
  `shipping_state` varchar(100) NULL DEFAULT NULL,
  `shipping_zip` varchar(100) NULL DEFAULT NULL,
  `shipping_country` int(11) NULL DEFAULT NULL,
  `include_shipping` tinyint(1) NOT NULL,
  `show_shipping_on_invoice` tinyint(1) NOT NULL DEFAULT '1',
  `show_quantity_as` int(11) NOT NULL DEFAULT '1',
  `project_id` int(11) NULL DEFAULT '0',
  `subscription_id` int(11) NOT NULL DEFAULT '0',
  `short_link` varchar(100) NULL DEFAULT NULL, -- since 2.7.3
  PRIMARY KEY (`id`),
  KEY `clientid` (`clientid`),
  KEY `currency` (`currency`),
  KEY `formatted_number` (`formatted_number`), -- since 3.2.0
  KEY `project_id` (`project_id`),
  KEY `sale_agent` (`sale_agent`),
  KEY `status` (`status`),
  KEY `total` (`total`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblitem_tax` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `itemid` int(11) NOT NULL,
  `rel_id` int(11) NOT NULL,
  `rel_type` varchar(20) NOT NULL,
  `taxrate` decimal(15,2) NOT NULL,
  `taxname` varchar(100) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `itemid` (`itemid`),
  KEY `rel_id` (`rel_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblitemable` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `rel_id` int(11) NOT NULL,
  `rel_type` varchar(15) NOT NULL,
  `description` longtext NOT NULL,
  `long_description` longtext NULL DEFAULT NULL,
  `qty` decimal(15,2) NOT NULL,
  `rate` decimal(15,2) NOT NULL,
  `unit` varchar(40) NULL DEFAULT NULL,
  `is_optional` tinyint(4) NOT NULL DEFAULT '0', -- since 3.4.0
  `is_selected` tinyint(4) NOT NULL DEFAULT '1', -- since 3.4.0
  `item_order` int(11) NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `qty` (`qty`),
  KEY `rate` (`rate`),
  KEY `rel_id` (`rel_id`),
  KEY `rel_type` (`rel_type`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblitems` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `description` longtext NOT NULL,
  `long_description` mediumtext NULL DEFAULT NULL,
  `rate` decimal(15,2) NOT NULL,
  `tax` int(11) NULL DEFAULT NULL,
  `tax2` int(11) NULL DEFAULT NULL,
  `unit` varchar(40) NULL DEFAULT NULL,
  `group_id` int(11) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`),
  KEY `group_id` (`group_id`),
  KEY `tax` (`tax`),
  KEY `tax2` (`tax2`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblitems_groups` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(50) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblknowedge_base_article_feedback` (
  `articleanswerid` int(11) NOT NULL AUTO_INCREMENT,
  `articleid` int(11) NOT NULL,
  `answer` int(11) NOT NULL,
  `ip` varchar(40) NOT NULL,
  `date` datetime NOT NULL,
  PRIMARY KEY (`articleanswerid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblknowledge_base` (
  `articleid` int(11) NOT NULL AUTO_INCREMENT,
  `articlegroup` int(11) NOT NULL,
  `subject` longtext NOT NULL,
  `description` mediumtext NOT NULL,
  `slug` longtext NOT NULL,
  `active` tinyint(4) NOT NULL,
  `datecreated` datetime NOT NULL,
  `article_order` int(11) NOT NULL DEFAULT '0',
  `staff_article` int(11) NOT NULL DEFAULT '0',
  PRIMARY KEY (`articleid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblknowledge_base_groups` (
  `groupid` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(191) NOT NULL,
  `group_slug` mediumtext NULL DEFAULT NULL,
  `description` longtext NULL DEFAULT NULL,
  `active` tinyint(4) NOT NULL,
  `color` varchar(10) NULL DEFAULT '#28B8DA',
  `group_order` int(11) NULL DEFAULT '0',
  PRIMARY KEY (`groupid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbllead_activity_log` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `leadid` int(11) NOT NULL,
  `description` longtext NOT NULL,
  `additional_data` mediumtext NULL DEFAULT NULL,
  `date` datetime NOT NULL,
  `staffid` int(11) NOT NULL,
  `full_name` varchar(100) NULL DEFAULT NULL,
  `custom_activity` tinyint(1) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbllead_integration_emails` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `subject` longtext NULL DEFAULT NULL,
  `body` longtext NULL DEFAULT NULL,
  `dateadded` datetime NOT NULL,
  `leadid` int(11) NOT NULL,
  `emailid` int(11) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblleads` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `hash` varchar(65) NULL DEFAULT NULL,
  `name` varchar(191) NOT NULL,
  `title` varchar(100) NULL DEFAULT NULL,
  `company` varchar(191) NULL DEFAULT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  `country` int(11) NOT NULL DEFAULT '0',
  `zip` varchar(15) NULL DEFAULT NULL,
  `city` varchar(100) NULL DEFAULT NULL,
  `state` varchar(50) NULL DEFAULT NULL,
  `address` varchar(100) NULL DEFAULT NULL,
  `assigned` int(11) NOT NULL DEFAULT '0',
  `dateadded` datetime NOT NULL,
  `from_form_id` int(11) NOT NULL DEFAULT '0',
  `status` int(11) NOT NULL,
  `source` int(11) NOT NULL,
  `lastcontact` datetime NULL DEFAULT NULL,
  `dateassigned` date NULL DEFAULT NULL,
  `last_status_change` datetime NULL DEFAULT NULL,
  `addedfrom` int(11) NOT NULL,
  `email` varchar(100) NULL DEFAULT NULL,
  `website` varchar(150) NULL DEFAULT NULL,
  `leadorder` int(11) NULL DEFAULT '1',
  `phonenumber` varchar(50) NULL DEFAULT NULL,
  `date_converted` datetime NULL DEFAULT NULL,
  `lost` tinyint(1) NOT NULL DEFAULT '0',
  `junk` int(11) NOT NULL DEFAULT '0',
  `last_lead_status` int(11) NOT NULL DEFAULT '0',
  `is_imported_from_email_integration` tinyint(1) NOT NULL DEFAULT '0',
  `email_integration_uid` varchar(30) NULL DEFAULT NULL,
  `is_public` tinyint(1) NOT NULL DEFAULT '0',
  `default_language` varchar(40) NULL DEFAULT NULL,
  `client_id` int(11) NOT NULL DEFAULT '0',
  `lead_value` decimal(15,2) NULL DEFAULT NULL, -- since 2.5.0
  PRIMARY KEY (`id`),
  KEY `assigned` (`assigned`),
  KEY `company` (`company`),
  KEY `dateadded` (`dateadded`),
  KEY `email` (`email`),
  KEY `from_form_id` (`from_form_id`),
  KEY `lastcontact` (`lastcontact`),
  KEY `leadorder` (`leadorder`),
  KEY `name` (`name`),
  KEY `source` (`source`),
  KEY `status` (`status`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblleads_email_integration` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `active` int(11) NOT NULL,
  `email` varchar(100) NOT NULL,
  `imap_server` varchar(100) NOT NULL,
  `password` longtext NOT NULL,
  `check_every` int(11) NOT NULL DEFAULT '5',
  `responsible` int(11) NOT NULL,
  `lead_source` int(11) NOT NULL,
  `lead_status` int(11) NOT NULL,
  `encryption` varchar(3) NULL DEFAULT NULL,
  `folder` varchar(100) NOT NULL,
  `last_run` varchar(50) NULL DEFAULT NULL,
  `notify_lead_imported` tinyint(1) NOT NULL DEFAULT '1',
  `notify_lead_contact_more_times` tinyint(1) NOT NULL DEFAULT '1',
  `notify_type` varchar(20) NULL DEFAULT NULL,
  `notify_ids` longtext NULL DEFAULT NULL,
  `mark_public` int(11) NOT NULL DEFAULT '0',
  `only_loop_on_unseen_emails` tinyint(1) NOT NULL DEFAULT '1',
  `delete_after_import` int(11) NOT NULL DEFAULT '0',
  `create_task_if_customer` int(11) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblleads_sources` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(150) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `name` (`name`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblleads_status` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(50) NOT NULL,
  `statusorder` int(11) NULL DEFAULT NULL,
  `color` varchar(10) NULL DEFAULT '#28B8DA',
  `isdefault` int(11) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`),
  KEY `name` (`name`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblmail_queue` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `engine` varchar(40) NULL DEFAULT NULL,
  `email` varchar(191) NOT NULL,
  `cc` mediumtext NULL DEFAULT NULL,
  `bcc` mediumtext NULL DEFAULT NULL,
  `message` longtext NOT NULL,
  `alt_message` longtext NULL DEFAULT NULL,
  `status` enum('pending','sending','sent','failed') NULL DEFAULT NULL,
  `date` datetime NULL DEFAULT NULL,
  `headers` mediumtext NULL DEFAULT NULL,
  `attachments` longtext NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblmigrations` (
  `version` bigint(20) NOT NULL
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblmilestones` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(191) NOT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  `description_visible_to_customer` tinyint(1) NULL DEFAULT '0',
  `start_date` date NULL DEFAULT NULL, -- since 2.9.2
  `due_date` date NOT NULL,
  `project_id` int(11) NOT NULL,
  `color` varchar(10) NULL DEFAULT NULL,
  `milestone_order` int(11) NOT NULL DEFAULT '0',
  `datecreated` date NOT NULL,
  `hide_from_customer` int(11) NULL DEFAULT '0', -- since 2.9.0
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblmodules` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `module_name` varchar(55) NOT NULL,
  `installed_version` varchar(11) NOT NULL,
  `active` tinyint(1) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblnewsfeed_comment_likes` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `postid` int(11) NOT NULL,
  `commentid` int(11) NOT NULL,
  `userid` int(11) NOT NULL,
  `dateliked` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblnewsfeed_post_comments` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `content` mediumtext NULL DEFAULT NULL,
  `userid` int(11) NOT NULL,
  `postid` int(11) NOT NULL,
  `dateadded` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblnewsfeed_post_likes` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `postid` int(11) NOT NULL,
  `userid` int(11) NOT NULL,
  `dateliked` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblnewsfeed_posts` (
  `postid` int(11) NOT NULL AUTO_INCREMENT,
  `creator` int(11) NOT NULL,
  `datecreated` datetime NOT NULL,
  `visibility` varchar(100) NOT NULL,
  `content` mediumtext NOT NULL,
  `pinned` int(11) NOT NULL,
  `datepinned` datetime NULL DEFAULT NULL,
  PRIMARY KEY (`postid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblnotes` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `rel_id` int(11) NOT NULL,
  `rel_type` varchar(20) NOT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  `date_contacted` datetime NULL DEFAULT NULL,
  `addedfrom` int(11) NOT NULL,
  `dateadded` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `rel_id` (`rel_id`),
  KEY `rel_type` (`rel_type`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblnotifications` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `isread` int(11) NOT NULL DEFAULT '0',
  `isread_inline` tinyint(1) NOT NULL DEFAULT '0',
  `date` datetime NOT NULL,
  `description` mediumtext NOT NULL,
  `fromuserid` int(11) NOT NULL,
  `fromclientid` int(11) NOT NULL DEFAULT '0',
  `from_fullname` varchar(100) NOT NULL,
  `touserid` int(11) NOT NULL,
  `fromcompany` int(11) NULL DEFAULT NULL,
  `link` longtext NULL DEFAULT NULL,
  `additional_data` mediumtext NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbloptions` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(191) NOT NULL,
  `value` longtext NOT NULL,
  `autoload` tinyint(1) NOT NULL DEFAULT '1',
  PRIMARY KEY (`id`),
  KEY `name` (`name`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblpayment_attempts` ( -- since 3.0.5
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `reference` varchar(100) NOT NULL,
  `invoice_id` int(11) NOT NULL,
  `amount` double NOT NULL,
  `fee` double NOT NULL,
  `payment_gateway` varchar(100) NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblpayment_modes` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(100) NOT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  `show_on_pdf` int(11) NOT NULL DEFAULT '0',
  `invoices_only` int(11) NOT NULL DEFAULT '0',
  `expenses_only` int(11) NOT NULL DEFAULT '0',
  `selected_by_default` int(11) NOT NULL DEFAULT '1',
  `active` tinyint(1) NOT NULL DEFAULT '1',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblpinned_projects` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_id` int(11) NOT NULL,
  `staff_id` int(11) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `project_id` (`project_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblproject_activity` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_id` int(11) NOT NULL,
  `staff_id` int(11) NOT NULL DEFAULT '0',
  `contact_id` int(11) NOT NULL DEFAULT '0',
  `fullname` varchar(100) NULL DEFAULT NULL,
  `visible_to_customer` int(11) NOT NULL DEFAULT '0',
  `description_key` varchar(191) NOT NULL,
  `additional_data` mediumtext NULL DEFAULT NULL,
  `dateadded` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblproject_files` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `file_name` varchar(191) NOT NULL,
  `original_file_name` longtext NULL DEFAULT NULL, -- since 2.9.1
  `subject` varchar(191) NULL DEFAULT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  `filetype` varchar(50) NULL DEFAULT NULL,
  `dateadded` datetime NOT NULL,
  `last_activity` datetime NULL DEFAULT NULL,
  `project_id` int(11) NOT NULL,
  `visible_to_customer` tinyint(1) NULL DEFAULT '0',
  `staffid` int(11) NOT NULL,
  `contact_id` int(11) NOT NULL DEFAULT '0',
  `external` varchar(40) NULL DEFAULT NULL,
  `external_link` mediumtext NULL DEFAULT NULL,
  `thumbnail_link` mediumtext NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblproject_members` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_id` int(11) NOT NULL,
  `staff_id` int(11) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `project_id` (`project_id`),
  KEY `staff_id` (`staff_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblproject_notes` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_id` int(11) NOT NULL,
  `title` varchar(255) NULL DEFAULT NULL, -- since 3.4.0
  `content` mediumtext NOT NULL,
  `staff_id` int(11) NOT NULL,
  `dateadded` datetime NOT NULL DEFAULT CURRENT_TIMESTAMP, -- since 3.4.0
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblproject_settings` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_id` int(11) NOT NULL,
  `name` varchar(100) NOT NULL,
  `value` mediumtext NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `project_id` (`project_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblprojectdiscussioncomments` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `discussion_id` int(11) NOT NULL,
  `discussion_type` varchar(10) NOT NULL,
  `parent` int(11) NULL DEFAULT NULL,
  `created` datetime NOT NULL,
  `modified` datetime NULL DEFAULT NULL,
  `content` mediumtext NOT NULL,
  `staff_id` int(11) NOT NULL,
  `contact_id` int(11) NULL DEFAULT '0',
  `fullname` varchar(191) NULL DEFAULT NULL,
  `file_name` varchar(191) NULL DEFAULT NULL,
  `file_mime_type` varchar(70) NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblprojectdiscussions` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `project_id` int(11) NOT NULL,
  `subject` varchar(191) NOT NULL,
  `description` mediumtext NOT NULL,
  `show_to_customer` tinyint(1) NOT NULL DEFAULT '0',
  `datecreated` datetime NOT NULL,
  `last_activity` datetime NULL DEFAULT NULL,
  `staff_id` int(11) NOT NULL DEFAULT '0',
  `contact_id` int(11) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblprojects` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(191) NOT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  `status` int(11) NOT NULL DEFAULT '0',
  `clientid` int(11) NOT NULL,
  `billing_type` int(11) NOT NULL,
  `start_date` date NOT NULL,
  `deadline` date NULL DEFAULT NULL,
  `project_created` date NOT NULL,
  `date_finished` datetime NULL DEFAULT NULL,
  `progress` int(11) NULL DEFAULT '0',
  `progress_from_tasks` int(11) NOT NULL DEFAULT '1',
  `project_cost` decimal(15,2) NULL DEFAULT NULL,
  `project_rate_per_hour` decimal(15,2) NULL DEFAULT NULL,
  `estimated_hours` decimal(15,2) NULL DEFAULT NULL,
  `addedfrom` int(11) NOT NULL,
  `contact_notification` int(11) NULL DEFAULT '1', -- since 2.8.3
  `notify_contacts` mediumtext NULL DEFAULT NULL, -- since 2.8.3
  PRIMARY KEY (`id`),
  KEY `clientid` (`clientid`),
  KEY `name` (`name`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblproposal_comments` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `content` longtext NULL DEFAULT NULL,
  `proposalid` int(11) NOT NULL,
  `staffid` int(11) NOT NULL,
  `dateadded` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblproposals` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `subject` varchar(191) NULL DEFAULT NULL,
  `content` longtext NULL DEFAULT NULL,
  `addedfrom` int(11) NOT NULL,
  `datecreated` datetime NOT NULL,
  `total` decimal(15,2) NULL DEFAULT NULL,
  `subtotal` decimal(15,2) NOT NULL,
  `total_tax` decimal(15,2) NOT NULL DEFAULT '0.00',
  `adjustment` decimal(15,2) NULL DEFAULT NULL,
  `discount_percent` decimal(15,2) NOT NULL,
  `discount_total` decimal(15,2) NOT NULL,
  `discount_type` varchar(30) NULL DEFAULT NULL,
  `show_quantity_as` int(11) NOT NULL DEFAULT '1',
  `currency` int(11) NOT NULL,
  `open_till` date NULL DEFAULT NULL,
  `date` date NOT NULL,
  `rel_id` int(11) NULL DEFAULT NULL,
  `rel_type` varchar(40) NULL DEFAULT NULL,
  `assigned` int(11) NULL DEFAULT NULL,
  `hash` varchar(32) NOT NULL,
  `proposal_to` varchar(191) NULL DEFAULT NULL,
  `project_id` int(11) NULL DEFAULT NULL, -- since 2.9.4
  `country` int(11) NOT NULL DEFAULT '0',
  `zip` varchar(50) NULL DEFAULT NULL,
  `state` varchar(100) NULL DEFAULT NULL,
  `city` varchar(100) NULL DEFAULT NULL,
  `address` varchar(200) NULL DEFAULT NULL,
  `email` varchar(150) NULL DEFAULT NULL,
  `phone` varchar(50) NULL DEFAULT NULL,
  `allow_comments` tinyint(1) NOT NULL DEFAULT '1',
  `status` int(11) NOT NULL,
  `estimate_id` int(11) NULL DEFAULT NULL,
  `invoice_id` int(11) NULL DEFAULT NULL,
  `date_converted` datetime NULL DEFAULT NULL,
  `pipeline_order` int(11) NULL DEFAULT '1',
  `is_expiry_notified` int(11) NOT NULL DEFAULT '0',
  `acceptance_firstname` varchar(50) NULL DEFAULT NULL,
  `acceptance_lastname` varchar(50) NULL DEFAULT NULL,
  `acceptance_email` varchar(100) NULL DEFAULT NULL,
  `acceptance_date` datetime NULL DEFAULT NULL,
  `acceptance_ip` varchar(40) NULL DEFAULT NULL,
  `signature` varchar(40) NULL DEFAULT NULL,
  `short_link` varchar(100) NULL DEFAULT NULL, -- since 2.7.3
  PRIMARY KEY (`id`),
  KEY `status` (`status`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblrelated_items` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `rel_id` int(11) NOT NULL,
  `rel_type` varchar(30) NOT NULL,
  `item_id` int(11) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblreminders` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `description` mediumtext NULL DEFAULT NULL,
  `date` datetime NOT NULL,
  `isnotified` int(11) NOT NULL DEFAULT '0',
  `rel_id` int(11) NOT NULL,
  `staff` int(11) NOT NULL,
  `rel_type` varchar(40) NOT NULL,
  `notify_by_email` int(11) NOT NULL DEFAULT '1',
  `creator` int(11) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `rel_id` (`rel_id`),
  KEY `rel_type` (`rel_type`),
  KEY `staff` (`staff`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblroles` (
  `roleid` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(150) NOT NULL,
  `permissions` longtext NULL DEFAULT NULL, -- since 2.3.3
  PRIMARY KEY (`roleid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblsales_activity` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `rel_type` varchar(20) NULL DEFAULT NULL,
  `rel_id` int(11) NOT NULL,
  `description` mediumtext NOT NULL,
  `additional_data` mediumtext NULL DEFAULT NULL,
  `staffid` varchar(11) NULL DEFAULT NULL,
  `full_name` varchar(100) NULL DEFAULT NULL,
  `date` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblscheduled_emails` ( -- since 2.4.1
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `rel_id` int(11) NOT NULL,
  `rel_type` varchar(15) NOT NULL,
  `scheduled_at` datetime NOT NULL,
  `contacts` varchar(197) NOT NULL,
  `cc` mediumtext NULL DEFAULT NULL,
  `attach_pdf` tinyint(1) NOT NULL DEFAULT '1',
  `template` varchar(197) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblservices` (
  `serviceid` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(50) NOT NULL,
  PRIMARY KEY (`serviceid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblsessions` (
  `id` varchar(128) NOT NULL,
  `ip_address` varchar(45) NOT NULL,
  `timestamp` int(10) unsigned NOT NULL DEFAULT '0',
  `data` blob NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ci_sessions_timestamp` (`timestamp`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblshared_customer_files` (
  `file_id` int(11) NOT NULL,
  `contact_id` int(11) NOT NULL
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblspam_filters` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `type` varchar(40) NOT NULL,
  `rel_type` varchar(10) NOT NULL,
  `value` mediumtext NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblstaff` (
  `staffid` int(11) NOT NULL AUTO_INCREMENT,
  `email` varchar(100) NOT NULL,
  `firstname` varchar(50) NOT NULL,
  `lastname` varchar(50) NOT NULL,
  `facebook` longtext NULL DEFAULT NULL,
  `linkedin` longtext NULL DEFAULT NULL,
  `phonenumber` varchar(30) NULL DEFAULT NULL,
  `skype` varchar(50) NULL DEFAULT NULL,
  `password` varchar(250) NOT NULL,
  `datecreated` datetime NOT NULL,
  `profile_image` varchar(191) NULL DEFAULT NULL,
  `last_ip` varchar(40) NULL DEFAULT NULL,
  `last_login` datetime NULL DEFAULT NULL,
  `last_activity` datetime NULL DEFAULT NULL,
  `last_password_change` datetime NULL DEFAULT NULL,
  `new_pass_key` varchar(32) NULL DEFAULT NULL,
  `new_pass_key_requested` datetime NULL DEFAULT NULL,
  `admin` int(11) NOT NULL DEFAULT '0',
  `role` int(11) NULL DEFAULT NULL,
  `active` int(11) NOT NULL DEFAULT '1',
  `default_language` varchar(40) NULL DEFAULT NULL,
  `direction` varchar(3) NULL DEFAULT NULL,
  `media_path_slug` varchar(191) NULL DEFAULT NULL,
  `is_not_staff` int(11) NOT NULL DEFAULT '0',
  `hourly_rate` decimal(15,2) NOT NULL DEFAULT '0.00',
  `two_factor_auth_enabled` tinyint(1) NULL DEFAULT '0',
  `two_factor_auth_code` varchar(100) NULL DEFAULT NULL,
  `two_factor_auth_code_requested` datetime NULL DEFAULT NULL,
  `email_signature` mediumtext NULL DEFAULT NULL,
  `google_auth_secret` mediumtext NULL DEFAULT NULL, -- since 2.7.0
  PRIMARY KEY (`staffid`),
  KEY `firstname` (`firstname`),
  KEY `lastname` (`lastname`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblstaff_departments` (
  `staffdepartmentid` int(11) NOT NULL AUTO_INCREMENT,
  `staffid` int(11) NOT NULL,
  `departmentid` int(11) NOT NULL,
  PRIMARY KEY (`staffdepartmentid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblstaff_permissions` (
  `staff_id` int(11) NOT NULL,
  `feature` varchar(40) NOT NULL,
  `capability` varchar(100) NOT NULL
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblsubscriptions` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(191) NOT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  `description_in_item` tinyint(1) NOT NULL DEFAULT '0',
  `clientid` int(11) NOT NULL,
  `date` date NULL DEFAULT NULL,
  `terms` mediumtext NULL DEFAULT NULL, -- since 2.4.0
  `currency` int(11) NOT NULL,
  `tax_id` int(11) NOT NULL DEFAULT '0',
  `stripe_tax_id` varchar(50) NULL DEFAULT NULL, -- since 2.4.0
  `tax_id_2` int(11) NOT NULL DEFAULT '0', -- since 2.5.0
  `stripe_tax_id_2` varchar(50) NULL DEFAULT NULL, -- since 2.5.0
  `stripe_plan_id` mediumtext NULL DEFAULT NULL,
  `stripe_subscription_id` mediumtext NOT NULL,
  `next_billing_cycle` bigint(20) NULL DEFAULT NULL,
  `ends_at` bigint(20) NULL DEFAULT NULL,
  `status` varchar(50) NULL DEFAULT NULL,
  `quantity` int(11) NOT NULL DEFAULT '1',
  `project_id` int(11) NOT NULL DEFAULT '0',
  `hash` varchar(32) NOT NULL,
  `created` datetime NOT NULL,
  `created_from` int(11) NOT NULL,
  `date_subscribed` datetime NULL DEFAULT NULL,
  `in_test_environment` int(11) NULL DEFAULT NULL, -- since 2.4.0
  `last_sent_at` datetime NULL DEFAULT NULL, -- since 3.0.5
  PRIMARY KEY (`id`),
  KEY `clientid` (`clientid`),
  KEY `currency` (`currency`),
  KEY `tax_id` (`tax_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltaggables` (
  `rel_id` int(11) NOT NULL,
  `rel_type` varchar(20) NOT NULL,
  `tag_id` int(11) NOT NULL,
  `tag_order` int(11) NOT NULL DEFAULT '0',
  KEY `rel_id` (`rel_id`),
  KEY `rel_type` (`rel_type`),
  KEY `tag_id` (`tag_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltags` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(100) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `name` (`name`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltask_assigned` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `staffid` int(11) NOT NULL,
  `taskid` int(11) NOT NULL,
  `assigned_from` int(11) NOT NULL DEFAULT '0',
  `is_assigned_from_contact` tinyint(1) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`),
  KEY `staffid` (`staffid`),
  KEY `taskid` (`taskid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltask_checklist_items` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `taskid` int(11) NOT NULL,
  `description` mediumtext NOT NULL,
  `finished` int(11) NOT NULL DEFAULT '0',
  `dateadded` datetime NOT NULL,
  `addedfrom` int(11) NOT NULL,
  `finished_from` int(11) NULL DEFAULT '0',
  `list_order` int(11) NOT NULL DEFAULT '0',
  `assigned` int(11) NULL DEFAULT NULL, -- since 2.8.2
  PRIMARY KEY (`id`),
  KEY `taskid` (`taskid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltask_comments` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `content` mediumtext NOT NULL,
  `taskid` int(11) NOT NULL,
  `staffid` int(11) NOT NULL,
  `contact_id` int(11) NOT NULL DEFAULT '0',
  `file_id` int(11) NOT NULL DEFAULT '0',
  `dateadded` datetime NOT NULL,
  PRIMARY KEY (`id`),
  KEY `file_id` (`file_id`),
  KEY `taskid` (`taskid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltask_followers` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `staffid` int(11) NOT NULL,
  `taskid` int(11) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltasks` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` longtext NULL DEFAULT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  `priority` int(11) NULL DEFAULT NULL,
  `dateadded` datetime NOT NULL,
  `startdate` date NOT NULL,
  `duedate` date NULL DEFAULT NULL,
  `datefinished` datetime NULL DEFAULT NULL,
  `addedfrom` int(11) NOT NULL,
  `is_added_from_contact` tinyint(1) NOT NULL DEFAULT '0',
  `status` int(11) NOT NULL DEFAULT '0',
  `recurring_type` varchar(10) NULL DEFAULT NULL,
  `repeat_every` int(11) NULL DEFAULT NULL,
  `recurring` int(11) NOT NULL DEFAULT '0',
  `is_recurring_from` int(11) NULL DEFAULT NULL,
  `cycles` int(11) NOT NULL DEFAULT '0',
  `total_cycles` int(11) NOT NULL DEFAULT '0',
  `custom_recurring` tinyint(1) NOT NULL DEFAULT '0',
  `last_recurring_date` date NULL DEFAULT NULL,
  `rel_id` int(11) NULL DEFAULT NULL,
  `rel_type` varchar(30) NULL DEFAULT NULL,
  `is_public` tinyint(1) NOT NULL DEFAULT '0',
  `billable` tinyint(1) NOT NULL DEFAULT '0',
  `billed` tinyint(1) NOT NULL DEFAULT '0',
  `invoice_id` int(11) NOT NULL DEFAULT '0',
  `hourly_rate` decimal(15,2) NOT NULL DEFAULT '0.00',
  `milestone` int(11) NULL DEFAULT '0',
  `kanban_order` int(11) NULL DEFAULT '1',
  `milestone_order` int(11) NOT NULL DEFAULT '0',
  `visible_to_client` tinyint(1) NOT NULL DEFAULT '0',
  `deadline_notified` int(11) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`),
  KEY `kanban_order` (`kanban_order`),
  KEY `milestone` (`milestone`),
  KEY `rel_id` (`rel_id`),
  KEY `rel_type` (`rel_type`),
  KEY `status` (`status`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltasks_checklist_templates` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `description` mediumtext NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltaskstimers` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `task_id` int(11) NOT NULL,
  `start_time` varchar(64) NOT NULL,
  `end_time` varchar(64) NULL DEFAULT NULL,
  `staff_id` int(11) NOT NULL,
  `hourly_rate` decimal(15,2) NOT NULL DEFAULT '0.00',
  `note` mediumtext NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `staff_id` (`staff_id`),
  KEY `task_id` (`task_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltaxes` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(100) NOT NULL,
  `taxrate` decimal(15,2) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltemplates` ( -- since 2.7.1
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(255) NOT NULL,
  `type` varchar(100) NOT NULL,
  `addedfrom` int(11) NOT NULL,
  `content` longtext NULL DEFAULT NULL,
  `content_type` varchar(20) NOT NULL DEFAULT 'html', -- since 3.4.0
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblticket_attachments` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `ticketid` int(11) NOT NULL,
  `replyid` int(11) NULL DEFAULT NULL,
  `file_name` varchar(191) NOT NULL,
  `filetype` varchar(50) NULL DEFAULT NULL,
  `dateadded` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblticket_replies` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `ticketid` int(11) NOT NULL,
  `userid` int(11) NULL DEFAULT NULL,
  `contactid` int(11) NOT NULL DEFAULT '0',
  `name` mediumtext NULL DEFAULT NULL,
  `email` mediumtext NULL DEFAULT NULL,
  `date` datetime NOT NULL,
  `message` mediumtext NULL DEFAULT NULL,
  `attachment` int(11) NULL DEFAULT NULL,
  `admin` int(11) NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltickets` (
  `ticketid` int(11) NOT NULL AUTO_INCREMENT,
  `adminreplying` int(11) NOT NULL DEFAULT '0',
  `userid` int(11) NOT NULL,
  `contactid` int(11) NOT NULL DEFAULT '0',
  `merged_ticket_id` int(11) NULL DEFAULT NULL, -- since 2.9.2
  `email` mediumtext NULL DEFAULT NULL,
  `name` mediumtext NULL DEFAULT NULL,
  `department` int(11) NOT NULL,
  `priority` int(11) NOT NULL,
  `status` int(11) NOT NULL,
  `service` int(11) NULL DEFAULT NULL,
  `ticketkey` varchar(32) NOT NULL,
  `subject` varchar(191) NOT NULL,
  `message` mediumtext NULL DEFAULT NULL,
  `admin` int(11) NULL DEFAULT NULL,
  `date` datetime NOT NULL,
  `project_id` int(11) NOT NULL DEFAULT '0',
  `lastreply` datetime NULL DEFAULT NULL,
  `clientread` int(11) NOT NULL DEFAULT '0',
  `adminread` int(11) NOT NULL DEFAULT '0',
  `assigned` int(11) NOT NULL DEFAULT '0',
  `staff_id_replying` int(11) NULL DEFAULT NULL, -- since 2.9.2
  `cc` varchar(191) NULL DEFAULT NULL, -- since 2.9.0
  PRIMARY KEY (`ticketid`),
  KEY `contactid` (`contactid`),
  KEY `department` (`department`),
  KEY `priority` (`priority`),
  KEY `project_id` (`project_id`),
  KEY `service` (`service`),
  KEY `status` (`status`),
  KEY `userid` (`userid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltickets_pipe_log` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `date` datetime NOT NULL,
  `email_to` varchar(100) NOT NULL,
  `name` varchar(191) NOT NULL,
  `subject` varchar(191) NOT NULL,
  `message` longtext NOT NULL,
  `email` varchar(100) NOT NULL,
  `status` varchar(100) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltickets_predefined_replies` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(191) NOT NULL,
  `message` mediumtext NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltickets_priorities` (
  `priorityid` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(50) NOT NULL,
  PRIMARY KEY (`priorityid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltickets_status` (
  `ticketstatusid` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(50) NOT NULL,
  `isdefault` int(11) NOT NULL DEFAULT '0',
  `statuscolor` varchar(7) NULL DEFAULT NULL,
  `statusorder` int(11) NULL DEFAULT NULL,
  PRIMARY KEY (`ticketstatusid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltodos` (
  `todoid` int(11) NOT NULL AUTO_INCREMENT,
  `description` mediumtext NOT NULL,
  `staffid` int(11) NOT NULL,
  `dateadded` datetime NOT NULL,
  `finished` tinyint(1) NOT NULL,
  `datefinished` datetime NULL DEFAULT NULL,
  `item_order` int(11) NULL DEFAULT NULL,
  PRIMARY KEY (`todoid`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltracked_mails` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `uid` varchar(32) NOT NULL,
  `rel_id` int(11) NOT NULL,
  `rel_type` varchar(40) NOT NULL,
  `date` datetime NOT NULL,
  `email` varchar(100) NOT NULL,
  `opened` tinyint(1) NOT NULL DEFAULT '0',
  `date_opened` datetime NULL DEFAULT NULL,
  `subject` longtext NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbltwocheckout_log` ( -- since 2.7.3
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `reference` varchar(64) NOT NULL,
  `invoice_id` int(11) NOT NULL,
  `amount` varchar(25) NOT NULL,
  `created_at` datetime NOT NULL,
  `attempt_reference` varchar(100) NULL DEFAULT NULL, -- since 3.0.5
  PRIMARY KEY (`id`),
  KEY `invoice_id` (`invoice_id`),
  FOREIGN KEY (`invoice_id`) REFERENCES `tblinvoices` (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbluser_auto_login` (
  `key_id` varchar(64) NOT NULL,
  `user_id` int(11) NOT NULL,
  `user_agent` varchar(150) NOT NULL,
  `last_ip` varchar(40) NOT NULL,
  `last_login` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  `staff` int(11) NOT NULL
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbluser_meta` (
  `umeta_id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `staff_id` bigint(20) unsigned NOT NULL DEFAULT '0',
  `client_id` bigint(20) unsigned NOT NULL DEFAULT '0',
  `contact_id` bigint(20) unsigned NOT NULL DEFAULT '0',
  `meta_key` varchar(191) NULL DEFAULT NULL,
  `meta_value` longtext NULL DEFAULT NULL,
  PRIMARY KEY (`umeta_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblvault` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `customer_id` int(11) NOT NULL,
  `server_address` varchar(191) NOT NULL,
  `port` int(11) NULL DEFAULT NULL,
  `username` varchar(191) NOT NULL,
  `password` mediumtext NOT NULL,
  `description` mediumtext NULL DEFAULT NULL,
  `creator` int(11) NOT NULL,
  `creator_name` varchar(100) NULL DEFAULT NULL,
  `visibility` tinyint(1) NOT NULL DEFAULT '1',
  `share_in_projects` tinyint(1) NOT NULL DEFAULT '0',
  `last_updated` datetime NULL DEFAULT NULL,
  `last_updated_from` varchar(100) NULL DEFAULT NULL,
  `date_created` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblviews_tracking` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `rel_id` int(11) NOT NULL,
  `rel_type` varchar(40) NOT NULL,
  `date` datetime NOT NULL,
  `view_ip` varchar(40) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblweb_to_lead` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `form_key` varchar(32) NOT NULL,
  `lead_source` int(11) NOT NULL,
  `lead_status` int(11) NOT NULL,
  `notify_lead_imported` int(11) NOT NULL DEFAULT '1',
  `notify_type` varchar(20) NULL DEFAULT NULL,
  `notify_ids` longtext NULL DEFAULT NULL,
  `responsible` int(11) NOT NULL DEFAULT '0',
  `name` varchar(191) NOT NULL,
  `form_data` longtext NULL DEFAULT NULL,
  `recaptcha` int(11) NOT NULL DEFAULT '0',
  `submit_btn_name` varchar(40) NULL DEFAULT NULL,
  `submit_btn_text_color` varchar(10) NULL DEFAULT '#ffffff',
  `submit_btn_bg_color` varchar(10) NULL DEFAULT '#84c529',
  `success_submit_msg` mediumtext NULL DEFAULT NULL,
  `submit_action` int(11) NULL DEFAULT '0',
  `lead_name_prefix` varchar(255) NULL DEFAULT NULL, -- since 2.9.2
  `submit_redirect_url` longtext NULL DEFAULT NULL,
  `language` varchar(40) NULL DEFAULT NULL,
  `allow_duplicate` int(11) NOT NULL DEFAULT '1',
  `mark_public` int(11) NOT NULL DEFAULT '0',
  `track_duplicate_field` varchar(20) NULL DEFAULT NULL,
  `track_duplicate_field_and` varchar(20) NULL DEFAULT NULL,
  `create_task_on_duplicate` int(11) NOT NULL DEFAULT '0',
  `dateadded` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbluser_api` ( -- since module 1.0
  `id` int(11) unsigned NOT NULL AUTO_INCREMENT,
  `user` varchar(50) NOT NULL,
  `staff_id` int(11) NULL DEFAULT NULL, -- since module 3.0.0
  `name` varchar(50) NOT NULL,
  `token` varchar(255) NOT NULL,
  `expiration_date` datetime NULL DEFAULT NULL,
  `permission_enable` tinyint(4) NOT NULL DEFAULT '0', -- since module 2.0.1
  `request_limit` int(11) NOT NULL DEFAULT '1000', -- since module 2.1.0
  `time_window` int(11) NOT NULL DEFAULT '3600', -- since module 2.1.0
  `burst_limit` int(11) NOT NULL DEFAULT '0', -- since module 2.1.0
  `quota_active` tinyint(1) NOT NULL DEFAULT '1', -- since module 2.1.0
  `quota_created_at` datetime NULL DEFAULT NULL, -- since module 2.1.0
  `quota_updated_at` datetime NULL DEFAULT NULL, -- since module 2.1.0
  PRIMARY KEY (`id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tbluser_api_permissions` ( -- since module 2.0.1
  `api_id` int(11) unsigned NOT NULL,
  `feature` varchar(50) NOT NULL,
  `capability` varchar(50) NOT NULL
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblapi_usage_logs` ( -- since module 2.0.9
  `id` int(11) unsigned NOT NULL AUTO_INCREMENT,
  `user_api_id` int(11) unsigned NOT NULL,
  `api_key` varchar(255) NOT NULL,
  `endpoint` varchar(255) NOT NULL,
  `response_code` int(11) NOT NULL,
  `response_time` decimal(10,4) NOT NULL DEFAULT '0.0000',
  `timestamp` int(11) NOT NULL,
  `ip_address` varchar(45) NOT NULL,
  `user_agent` text NULL DEFAULT NULL,
  `rate_limit_checked` tinyint(1) NOT NULL DEFAULT '1',
  `rate_limit_type` varchar(50) NULL DEFAULT NULL,
  `rate_limit_limit` int(11) NULL DEFAULT NULL,
  `rate_limit_current` int(11) NULL DEFAULT NULL,
  `rate_limit_exceeded` tinyint(1) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`),
  KEY `user_api_id` (`user_api_id`),
  KEY `api_key` (`api_key`),
  KEY `endpoint` (`endpoint`),
  KEY `timestamp` (`timestamp`),
  KEY `response_code` (`response_code`),
  KEY `idx_rate_limit_ip` (`ip_address`, `timestamp`, `endpoint`),
  KEY `idx_rate_limit_key` (`api_key`, `timestamp`, `endpoint`),
  KEY `idx_rate_exceeded` (`rate_limit_exceeded`, `timestamp`),
  FOREIGN KEY (`user_api_id`) REFERENCES `tbluser_api` (`id`) ON DELETE CASCADE ON UPDATE CASCADE
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblapi_limit` ( -- since module 2.1
  `id` int(11) unsigned NOT NULL AUTO_INCREMENT,
  `uri` varchar(255) NOT NULL,
  `class` varchar(255) NOT NULL,
  `method` varchar(255) NOT NULL,
  `ip_address` varchar(45) NOT NULL,
  `time` int(11) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `uri` (`uri`),
  KEY `ip_address` (`ip_address`),
  KEY `time` (`time`),
  KEY `idx_rate_check` (`ip_address`, `time`, `uri`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblapi_webhooks` ( -- since module 2.1.1
  `id` int(11) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(255) NOT NULL,
  `url` text NOT NULL,
  `events` text NOT NULL,
  `secret` varchar(255) NULL DEFAULT NULL,
  `active` tinyint(1) NULL DEFAULT '1',
  `headers` text NULL DEFAULT NULL,
  `timeout` int(11) NULL DEFAULT '30',
  `retry_count` int(11) NULL DEFAULT '3',
  `last_triggered` datetime NULL DEFAULT NULL,
  `success_count` int(11) NULL DEFAULT '0',
  `failure_count` int(11) NULL DEFAULT '0',
  `date_created` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `date_updated` timestamp NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `idx_active` (`active`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblapi_webhook_logs` ( -- since module 2.1.1
  `id` int(11) unsigned NOT NULL AUTO_INCREMENT,
  `webhook_id` int(11) unsigned NOT NULL,
  `event` varchar(100) NOT NULL,
  `url` text NOT NULL,
  `payload` longtext NOT NULL,
  `response_code` int(11) NULL DEFAULT NULL,
  `response_body` text NULL DEFAULT NULL,
  `error_message` text NULL DEFAULT NULL,
  `attempt_number` int(11) NULL DEFAULT '1',
  `status` enum('pending','success','failed') NULL DEFAULT 'pending',
  `triggered_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  KEY `idx_webhook_id` (`webhook_id`),
  KEY `idx_status` (`status`),
  KEY `idx_triggered_at` (`triggered_at`),
  FOREIGN KEY (`webhook_id`) REFERENCES `tblapi_webhooks` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblapi_webhook_queue` ( -- since module 3.0.0
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `webhook_id` int(11) unsigned NOT NULL,
  `event` varchar(100) NOT NULL,
  `payload` longtext NOT NULL,
  `status` enum('pending','processing','delivered','failed') NOT NULL DEFAULT 'pending',
  `attempts` int(11) NOT NULL DEFAULT '0',
  `max_attempts` int(11) NOT NULL DEFAULT '3',
  `next_attempt_at` datetime NOT NULL,
  `claim_token` varchar(64) NULL DEFAULT NULL,
  `claimed_at` datetime NULL DEFAULT NULL,
  `created_at` datetime NOT NULL,
  `completed_at` datetime NULL DEFAULT NULL,
  `last_error` text NULL DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `idx_status_next` (`status`, `next_attempt_at`),
  KEY `idx_claim` (`claim_token`),
  KEY `idx_webhook` (`webhook_id`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE `tblapi_idempotency_keys` ( -- since module 3.0.0
  `id` int(11) unsigned NOT NULL AUTO_INCREMENT, -- since module 3.0.3
  `idem_key` varchar(191) NOT NULL,
  `api_key` varchar(255) NOT NULL DEFAULT '',
  `method` varchar(10) NOT NULL DEFAULT 'post',
  `endpoint` varchar(255) NOT NULL DEFAULT '',
  `response_code` int(11) NOT NULL DEFAULT '200',
  `response_body` longtext NULL DEFAULT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_idem_lookup` (`idem_key`(100), `api_key`(64)),
  KEY `idx_created` (`created_at`)
) ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
