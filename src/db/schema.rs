//! The tables, as both migration trees make them. Kept equal to them by a test.

#![expect(
    missing_docs,
    reason = "columns are told of where they are made: in the migrations"
)]

diesel::table! {
    books (book) {
        book -> BigInt,
        key -> Text,
        sequence -> BigInt,
        recorded_at -> Timestamp,
        accounts -> BigInt,
        frontier -> Binary,
    }
}

diesel::table! {
    events (book, sequence) {
        book -> BigInt,
        sequence -> BigInt,
        kind -> Text,
        subject -> Text,
        actor -> Text,
        request_id -> Text,
        effective_on -> Date,
        recorded_at -> Timestamp,
        command -> Text,
        leaf -> Binary,
    }
}

diesel::table! {
    accounts (book, account) {
        book -> BigInt,
        account -> BigInt,
        fund -> Text,
        program -> Text,
        fiscal_year -> Integer,
        bucket -> Text,
        limited -> Bool,
        balance -> BigInt,
        last_on -> Date,
        backdated -> Bool,
    }
}

diesel::table! {
    transfers (book, sequence, part) {
        book -> BigInt,
        sequence -> BigInt,
        part -> Integer,
        kind -> Text,
        form -> Text,
        debit -> BigInt,
        credit -> BigInt,
        amount -> BigInt,
        effective_on -> Date,
        year -> Integer,
        month -> Integer,
        reverses -> Nullable<BigInt>,
    }
}

diesel::table! {
    account_sums (book, span, account, starts_on, kind, form) {
        book -> BigInt,
        account -> BigInt,
        kind -> Text,
        form -> Text,
        span -> Integer,
        starts_on -> Date,
        debit -> BigInt,
        credit -> BigInt,
    }
}

diesel::table! {
    tallies (span, payee, starts_on, program, fund, region, form, book) {
        span -> Integer,
        payee -> Text,
        starts_on -> Date,
        program -> Text,
        fund -> Text,
        region -> Text,
        form -> Text,
        book -> BigInt,
        submitted -> BigInt,
        approved -> BigInt,
        paid -> BigInt,
        refunded -> BigInt,
        payments -> BigInt,
        donations -> BigInt,
        receipts -> BigInt,
    }
}

diesel::table! {
    people (person, scope) {
        person -> Text,
        scope -> Text,
        net -> BigInt,
        last_on -> Date,
        since -> Nullable<Date>,
    }
}

diesel::table! {
    people_counts (span, starts_on, scope) {
        span -> Integer,
        starts_on -> Date,
        scope -> Text,
        people -> BigInt,
    }
}

diesel::table! {
    sale_sums (span, starts_on, program, product, region, book) {
        span -> Integer,
        starts_on -> Date,
        program -> Text,
        product -> Text,
        region -> Text,
        book -> BigInt,
        grams -> BigInt,
        amount -> BigInt,
        orders -> BigInt,
    }
}

diesel::table! {
    versions (noun, code, version) {
        noun -> Text,
        code -> Text,
        version -> Integer,
        effective_on -> Date,
        recorded_at -> Timestamp,
        document -> Text,
    }
}

diesel::table! {
    funds (code) {
        code -> Text,
        book -> BigInt,
        part_of -> Nullable<Text>,
        kind -> Text,
        spend_limit -> Text,
        in_kind_counted_at -> Text,
        name_ko -> Text,
        name_en -> Text,
        starts_on -> Date,
        ends_on -> Date,
        period_basis -> Nullable<Text>,
        basis -> Nullable<Text>,
        status -> Text,
        plan_version -> Integer,
        version -> Integer,
        second_approval_above -> Nullable<BigInt>,
    }
}

diesel::table! {
    plans (fund, version) {
        fund -> Text,
        version -> Integer,
        reason -> Text,
        recorded_by -> Text,
        effective_on -> Date,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    plan_lines (fund, version, line) {
        fund -> Text,
        version -> Integer,
        line -> Integer,
        fiscal_year -> Integer,
        program -> Nullable<Text>,
        area -> Nullable<Text>,
        amount -> BigInt,
    }
}

diesel::table! {
    organisations (code) {
        code -> Text,
        name_ko -> Text,
        name_en -> Text,
        kind -> Text,
        registration_number -> Nullable<Text>,
        basis -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    partners (code) {
        code -> Text,
        scopes -> Text,
        status -> Text,
        recorded_at -> Timestamp,
        version -> Integer,
        session_version -> BigInt,
    }
}

diesel::table! {
    clients (id) {
        id -> Text,
        partner -> Text,
        programs -> Text,
        scopes -> Text,
        secret -> Text,
        secret_made_at -> Timestamp,
        old_secret -> Nullable<Text>,
        old_secret_made_at -> Nullable<Timestamp>,
        status -> Text,
        session_version -> BigInt,
        last_used_at -> Nullable<Timestamp>,
        recorded_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    programs (code) {
        code -> Text,
        kind -> Text,
        name_ko -> Text,
        name_en -> Text,
        partner -> Nullable<Text>,
        approval -> Text,
        one_payment_per -> Text,
        area -> Nullable<Text>,
        tags -> Text,
        management_cost -> Nullable<BigInt>,
        basis -> Nullable<Text>,
        status -> Text,
        version -> Integer,
        second_approval_above -> Nullable<BigInt>,
    }
}

diesel::table! {
    program_funds (program, position) {
        program -> Text,
        position -> Integer,
        fund -> Text,
    }
}

diesel::table! {
    beneficiaries (id) {
        id -> Text,
        kind -> Text,
        program -> Nullable<Text>,
        region -> Nullable<Text>,
        recorded_at -> Timestamp,
        merged_into -> Nullable<Text>,
    }
}

diesel::table! {
    personal_details (beneficiary) {
        beneficiary -> Text,
        blind_index -> Text,
        salt -> Text,
        key_version -> Integer,
        wrapped_key -> Binary,
        ciphertext -> Binary,
    }
}

diesel::table! {
    disbursements (id) {
        id -> Text,
        book -> BigInt,
        program -> Text,
        fund -> Text,
        fiscal_year -> Integer,
        round -> Nullable<Text>,
        beneficiary -> Nullable<Text>,
        beneficiary_kind -> Text,
        people -> Nullable<BigInt>,
        region -> Text,
        form -> Text,
        amount -> BigInt,
        value_cost -> Nullable<BigInt>,
        value_list -> Nullable<BigInt>,
        value_fair -> Nullable<BigInt>,
        planned_on -> Date,
        effective_on -> Date,
        purpose -> Nullable<Text>,
        external_id -> Nullable<Text>,
        voucher_number -> Nullable<Text>,
        once_key -> Nullable<Text>,
        status -> Text,
        approved -> BigInt,
        paid -> BigInt,
        returned -> BigInt,
        refunded -> BigInt,
        recorded_by -> Text,
        recorded_at -> Timestamp,
        version -> Integer,
        rule_version -> Nullable<Text>,
        tier -> Nullable<Text>,
        assessed_loss -> Nullable<BigInt>,
    }
}

diesel::table! {
    donations (id) {
        id -> Text,
        book -> BigInt,
        program -> Text,
        fund -> Text,
        fiscal_year -> Integer,
        recipient -> Text,
        recipient_role -> Text,
        designated -> Bool,
        form -> Text,
        amount -> BigInt,
        value_cost -> Nullable<BigInt>,
        value_list -> Nullable<BigInt>,
        value_fair -> Nullable<BigInt>,
        planned_on -> Date,
        effective_on -> Date,
        purpose -> Nullable<Text>,
        approval_document -> Nullable<Text>,
        basis -> Nullable<Text>,
        external_id -> Nullable<Text>,
        receipt_number -> Nullable<Text>,
        receipt_issued_on -> Nullable<Date>,
        receipt_class -> Nullable<Text>,
        status -> Text,
        approved -> BigInt,
        paid -> BigInt,
        returned -> BigInt,
        refunded -> BigInt,
        recorded_by -> Text,
        recorded_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    steps (record, step) {
        record -> Text,
        step -> Integer,
        verb -> Text,
        actor -> Text,
        effective_on -> Date,
        recorded_at -> Timestamp,
        sequence -> BigInt,
        amount -> Nullable<BigInt>,
        reason_class -> Nullable<Text>,
        reason -> Nullable<Text>,
        bank_reference -> Nullable<Text>,
        content -> Nullable<Text>,
    }
}

diesel::table! {
    attributes (record, name) {
        record -> Text,
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    sales (id) {
        id -> Text,
        book -> BigInt,
        program -> Text,
        product_code -> Text,
        product_name -> Text,
        producer -> Nullable<Text>,
        origin_region -> Text,
        sold_on -> Date,
        grams -> BigInt,
        amount -> BigInt,
        orders -> BigInt,
        external_id -> Nullable<Text>,
        basis -> Nullable<Text>,
        status -> Text,
        cancel_reason -> Nullable<Text>,
        cancelled_on -> Nullable<Date>,
        cancelled_by -> Nullable<Text>,
        recorded_by -> Text,
        recorded_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    users (id) {
        id -> Text,
        email -> Text,
        password_hash -> Text,
        roles -> Text,
        status -> Text,
        session_version -> BigInt,
        recorded_at -> Timestamp,
        version -> Integer,
        subject -> Nullable<Text>,
        tokens_from -> Nullable<Timestamp>,
        sources -> Nullable<Text>,
    }
}

diesel::table! {
    refresh_tokens (digest) {
        digest -> Text,
        family -> Text,
        user_id -> Text,
        issued_at -> Timestamp,
        expires_at -> Timestamp,
        used -> Bool,
    }
}

diesel::table! {
    idempotency_keys (caller, key) {
        caller -> Text,
        key -> Text,
        request_hash -> Binary,
        status -> Integer,
        location -> Nullable<Text>,
        etag -> Nullable<Text>,
        body -> Binary,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    claims (id) {
        id -> Text,
        book -> BigInt,
        statement -> Text,
        source_title -> Text,
        source_date -> Nullable<Date>,
        source_url -> Nullable<Text>,
        basis -> Nullable<Text>,
        said_on -> Date,
        metric -> Nullable<Text>,
        program -> Nullable<Text>,
        fund -> Nullable<Text>,
        counted_from -> Nullable<Date>,
        as_of -> Date,
        comparator -> Text,
        value -> BigInt,
        unit -> Nullable<BigInt>,
        tolerance_above -> Nullable<BigInt>,
        tolerance_below -> Nullable<BigInt>,
        nature -> Text,
        withdraw_reason -> Nullable<Text>,
        withdrawn_on -> Nullable<Date>,
        withdrawn_by -> Nullable<Text>,
        recorded_by -> Text,
        recorded_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    pledges (id) {
        id -> Text,
        book -> BigInt,
        title -> Text,
        statement -> Text,
        owner -> Nullable<Text>,
        counterpart -> Nullable<Text>,
        basis -> Nullable<Text>,
        source_title -> Text,
        source_date -> Date,
        source_url -> Nullable<Text>,
        due_on -> Nullable<Date>,
        target_metric -> Nullable<Text>,
        target_program -> Nullable<Text>,
        target_fund -> Nullable<Text>,
        target_value -> Nullable<BigInt>,
        target_starts_on -> Nullable<Date>,
        target_path -> Nullable<Text>,
        recorded_by -> Text,
        recorded_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    pledge_milestones (pledge, number) {
        pledge -> Text,
        number -> Integer,
        title -> Text,
        due_on -> Nullable<Date>,
        made_on -> Date,
    }
}

diesel::table! {
    pledge_steps (pledge, step) {
        pledge -> Text,
        step -> Integer,
        verb -> Text,
        milestone -> Nullable<Integer>,
        actor -> Text,
        effective_on -> Date,
        recorded_at -> Timestamp,
        sequence -> BigInt,
        status -> Nullable<Text>,
        met_on -> Nullable<Date>,
        due_from -> Nullable<Date>,
        due_on -> Nullable<Date>,
        organisation -> Nullable<Text>,
        note -> Nullable<Text>,
        evidence_url -> Nullable<Text>,
        reference -> Nullable<Text>,
    }
}

diesel::table! {
    indicators (code) {
        code -> Text,
        name_ko -> Text,
        name_en -> Text,
        unit -> Text,
        value -> Text,
        decimals -> Integer,
        additive -> Bool,
        accumulation -> Text,
        better -> Text,
        program -> Nullable<Text>,
        area -> Nullable<Text>,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        dimensions -> Text,
        baseline -> Nullable<Text>,
        targets -> Text,
        definition -> Nullable<Text>,
        basis -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    measurements (id) {
        id -> Text,
        book -> BigInt,
        indicator -> Text,
        cell -> Text,
        starts_on -> Date,
        ends_on -> Date,
        value -> BigInt,
        denominator -> Nullable<BigInt>,
        nature -> Text,
        method -> Nullable<Text>,
        reason -> Nullable<Text>,
        basis -> Nullable<Text>,
        external_id -> Nullable<Text>,
        status -> Text,
        approved_on -> Nullable<Date>,
        cancelled_on -> Nullable<Date>,
        recorded_by -> Text,
        recorded_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    sale_statements (id) {
        id -> Text,
        book -> BigInt,
        program -> Text,
        basis -> Text,
        period_start -> Date,
        period_end -> Date,
        grams -> Nullable<BigInt>,
        amount -> Nullable<BigInt>,
        orders -> Nullable<BigInt>,
        buyers -> Nullable<BigInt>,
        buyers_basis -> Nullable<Text>,
        reason -> Nullable<Text>,
        source -> Nullable<Text>,
        external_id -> Nullable<Text>,
        cancel_reason -> Nullable<Text>,
        cancelled_on -> Nullable<Date>,
        cancelled_by -> Nullable<Text>,
        recorded_by -> Text,
        recorded_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    donation_uses (donation, number) {
        donation -> Text,
        number -> Integer,
        period_start -> Date,
        period_end -> Date,
        effective_on -> Date,
        region -> Text,
        used -> BigInt,
        returned -> BigInt,
        beneficiaries -> Nullable<BigInt>,
        note -> Nullable<Text>,
        cancel_reason -> Nullable<Text>,
        cancelled_on -> Nullable<Date>,
        cancelled_by -> Nullable<Text>,
        recorded_by -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    compensation_sums (book, span, program, rule_version, tier, form, starts_on) {
        book -> BigInt,
        program -> Text,
        rule_version -> Text,
        tier -> Text,
        form -> Text,
        span -> Integer,
        starts_on -> Date,
        records -> BigInt,
        named -> BigInt,
        counted -> BigInt,
        assessed_loss -> BigInt,
        cost -> BigInt,
        list -> BigInt,
        without_list -> BigInt,
        fair -> BigInt,
        without_fair -> BigInt,
        approved -> BigInt,
        paid -> BigInt,
        refunded -> BigInt,
    }
}

diesel::table! {
    amendments (record, number) {
        record -> Text,
        number -> Integer,
        status -> Text,
        reason_class -> Text,
        reason -> Text,
        former_values -> Text,
        later_values -> Text,
        renames -> Bool,
        effective_on -> Nullable<Date>,
        proposed_by -> Text,
        proposed_at -> Timestamp,
        proposed_sequence -> BigInt,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        decided_sequence -> Nullable<BigInt>,
        decision_reason -> Nullable<Text>,
    }
}

diesel::table! {
    amendment_names (record, number, version) {
        record -> Text,
        number -> Integer,
        version -> Text,
        beneficiary -> Text,
        salt -> Text,
        key_version -> Integer,
        wrapped_key -> Binary,
        ciphertext -> Binary,
    }
}

diesel::table! {
    beneficiary_merges (beneficiary, step) {
        beneficiary -> Text,
        step -> Integer,
        verb -> Text,
        survivor -> Text,
        actor -> Text,
        effective_on -> Date,
        recorded_at -> Timestamp,
        sequence -> BigInt,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    imports (id) {
        id -> Text,
        kind -> Text,
        program -> Text,
        name -> Nullable<Text>,
        sha256 -> Text,
        bytes -> BigInt,
        lines -> BigInt,
        settings -> Text,
        mode -> Nullable<Text>,
        state -> Text,
        ending -> Nullable<Text>,
        failure -> Nullable<Text>,
        wrapped_key -> Binary,
        recorded_by -> Text,
        recorded_at -> Timestamp,
        changed_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    import_parcels (import, parcel) {
        import -> Text,
        parcel -> Integer,
        line -> BigInt,
        sealed -> Binary,
    }
}

diesel::table! {
    import_works (import) {
        import -> Text,
        stage -> Text,
        owner -> Nullable<Text>,
        claimed_to -> Nullable<Timestamp>,
        started_at -> Timestamp,
        done -> BigInt,
        good -> BigInt,
        faulty -> BigInt,
        warned -> BigInt,
        repeated -> BigInt,
        recorded -> BigInt,
        undone -> BigInt,
        amount -> BigInt,
        people -> BigInt,
        parcel -> Integer,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    import_faults (import, line, part) {
        import -> Text,
        line -> BigInt,
        part -> Integer,
        weight -> Text,
        place -> Nullable<Integer>,
        header -> Nullable<Text>,
        field -> Text,
        code -> Text,
        facts -> Text,
    }
}

diesel::table! {
    import_records (import, line) {
        import -> Text,
        line -> BigInt,
        record -> Text,
    }
}

diesel::table! {
    import_mappings (kind, program) {
        kind -> Text,
        program -> Text,
        headers -> Text,
        recorded_by -> Text,
        recorded_at -> Timestamp,
        version -> Integer,
    }
}

diesel::table! {
    exports (id) {
        id -> Text,
        address -> Text,
        format -> Text,
        lang -> Text,
        bom -> Bool,
        part -> Nullable<Text>,
        roles -> Text,
        requested_by -> Text,
        requested_at -> Timestamp,
        cancelled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    export_works (export) {
        export -> Text,
        state -> Text,
        owner -> Nullable<Text>,
        claimed_to -> Nullable<Timestamp>,
        attempts -> Integer,
        rows_total -> Nullable<BigInt>,
        rows_done -> BigInt,
        bytes -> BigInt,
        manifest -> Nullable<Text>,
        failure -> Nullable<Text>,
        started_at -> Timestamp,
        changed_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    settings (id) {
        id -> Integer,
        second_approval_above -> Nullable<BigInt>,
        version -> Integer,
    }
}

diesel::table! {
    proposals (id) {
        id -> Text,
        book -> BigInt,
        kind -> Text,
        fund -> Text,
        program -> Text,
        amount -> Nullable<BigInt>,
        act -> Text,
        status -> Text,
        proposed_by -> Text,
        proposed_at -> Timestamp,
        proposed_sequence -> BigInt,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        decided_sequence -> Nullable<BigInt>,
        decision_reason -> Nullable<Text>,
        version -> Integer,
    }
}

diesel::table! {
    access_events (id) {
        id -> Text,
        kind -> Text,
        account -> Nullable<Text>,
        known -> Bool,
        source -> Nullable<Text>,
        operation -> Nullable<Text>,
        status -> Nullable<Integer>,
        code -> Nullable<Text>,
        times -> BigInt,
        first_at -> Timestamp,
        last_at -> Timestamp,
        last_request -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    access_events,
    account_sums,
    accounts,
    amendment_names,
    amendments,
    attributes,
    beneficiaries,
    beneficiary_merges,
    books,
    claims,
    clients,
    compensation_sums,
    disbursements,
    donation_uses,
    donations,
    events,
    export_works,
    exports,
    funds,
    idempotency_keys,
    import_faults,
    import_mappings,
    import_parcels,
    import_records,
    import_works,
    imports,
    indicators,
    measurements,
    organisations,
    partners,
    people,
    people_counts,
    personal_details,
    plan_lines,
    plans,
    pledge_milestones,
    pledge_steps,
    pledges,
    program_funds,
    programs,
    proposals,
    refresh_tokens,
    sale_statements,
    sale_sums,
    sales,
    settings,
    steps,
    tallies,
    transfers,
    users,
    versions,
);
