namespace Portal.Data.Rates;

/// <summary>
/// What holds for rates whoever writes them. Row locks on the tariff, clock or site make two that write at the same time wait for each other, so
/// that the second one sees the first one's rows. Part of the migration AddRates: changed only by a migration of its own.
/// </summary>
internal static class RatesSql
{
    public const string Create = """
        CREATE FUNCTION monitoring.keep_tariff_versions() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP <> 'INSERT' AND OLD."State" <> 'draft' THEN
            IF TG_OP = 'DELETE' THEN
              RAISE EXCEPTION 'Version % of tariff % was approved and can''t be deleted.', OLD."From", OLD."TariffId" USING ERRCODE = 'restrict_violation';
            END IF;
            IF (to_jsonb(NEW) - ARRAY['To', 'State', 'WithdrawnAt', 'WithdrawnBy']) <> (to_jsonb(OLD) - ARRAY['To', 'State', 'WithdrawnAt', 'WithdrawnBy'])
               OR (NEW."To" IS DISTINCT FROM OLD."To" AND OLD."To" IS NOT NULL)
               OR (NEW."State" <> OLD."State" AND NOT (OLD."State" = 'approved' AND NEW."State" = 'withdrawn')) THEN
              RAISE EXCEPTION 'Version % of tariff % was approved and never changes.', OLD."From", OLD."TariffId" USING ERRCODE = 'restrict_violation';
            END IF;
          END IF;
          IF TG_OP = 'DELETE' THEN
            RETURN OLD;
          END IF;
          IF NEW."State" = 'approved' THEN
            PERFORM FROM monitoring."Tariffs" WHERE "Id" = NEW."TariffId" FOR NO KEY UPDATE;
            PERFORM FROM monitoring."Clocks" WHERE "Id" = NEW."ClockId" FOR NO KEY UPDATE;
            IF EXISTS (
              SELECT FROM monitoring."TariffVersions" AS v
               WHERE v."TariffId" = NEW."TariffId" AND v."Id" <> NEW."Id" AND v."State" = 'approved'
                 AND daterange(v."From", v."To") && daterange(NEW."From", NEW."To")) THEN
              RAISE EXCEPTION 'Another approved version of tariff % holds on the same days.', NEW."TariffId" USING ERRCODE = 'exclusion_violation';
            END IF;
          END IF;
          RETURN NEW;
        END $$;

        CREATE TRIGGER keep_tariff_versions BEFORE INSERT OR UPDATE OR DELETE ON monitoring."TariffVersions"
        FOR EACH ROW EXECUTE FUNCTION monitoring.keep_tariff_versions();

        CREATE FUNCTION monitoring.keep_clock_versions() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
          clock uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD."ClockId" ELSE NEW."ClockId" END;
        BEGIN
          PERFORM FROM monitoring."Clocks" WHERE "Id" = clock FOR NO KEY UPDATE;
          IF TG_OP <> 'INSERT'
             AND EXISTS (SELECT FROM monitoring."TariffVersions" AS v WHERE v."ClockId" = OLD."ClockId" AND v."State" = 'approved')
             AND (TG_OP = 'DELETE'
                  OR (to_jsonb(NEW) - 'To') <> (to_jsonb(OLD) - 'To')
                  OR (NEW."To" IS DISTINCT FROM OLD."To" AND OLD."To" IS NOT NULL)) THEN
            RAISE EXCEPTION 'Version % of clock % is followed by approved tariffs and never changes.', OLD."From", OLD."ClockId"
              USING ERRCODE = 'restrict_violation';
          END IF;
          IF TG_OP = 'DELETE' THEN
            RETURN OLD;
          END IF;
          IF EXISTS (
            SELECT FROM monitoring."ClockVersions" AS v
             WHERE v."ClockId" = NEW."ClockId" AND v."Id" <> NEW."Id" AND daterange(v."From", v."To") && daterange(NEW."From", NEW."To")) THEN
            RAISE EXCEPTION 'Another version of clock % holds on the same days.', NEW."ClockId" USING ERRCODE = 'exclusion_violation';
          END IF;
          RETURN NEW;
        END $$;

        CREATE TRIGGER keep_clock_versions BEFORE INSERT OR UPDATE OR DELETE ON monitoring."ClockVersions"
        FOR EACH ROW EXECUTE FUNCTION monitoring.keep_clock_versions();

        CREATE FUNCTION monitoring.keep_tariff_assignments() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM FROM monitoring."Sites" WHERE "Id" = NEW."SiteId" FOR NO KEY UPDATE;
          IF EXISTS (
            SELECT FROM monitoring."TariffAssignments" AS a
             WHERE a."SiteId" = NEW."SiteId" AND a."Id" <> NEW."Id" AND daterange(a."From", a."To") && daterange(NEW."From", NEW."To")) THEN
            RAISE EXCEPTION 'Another tariff is assigned to site % on the same days.', NEW."SiteId" USING ERRCODE = 'exclusion_violation';
          END IF;
          RETURN NEW;
        END $$;

        CREATE TRIGGER keep_tariff_assignments BEFORE INSERT OR UPDATE ON monitoring."TariffAssignments"
        FOR EACH ROW EXECUTE FUNCTION monitoring.keep_tariff_assignments();
        """;

    public const string Drop = """
        DROP TRIGGER keep_tariff_assignments ON monitoring."TariffAssignments";
        DROP TRIGGER keep_clock_versions ON monitoring."ClockVersions";
        DROP TRIGGER keep_tariff_versions ON monitoring."TariffVersions";
        DROP FUNCTION monitoring.keep_tariff_assignments();
        DROP FUNCTION monitoring.keep_clock_versions();
        DROP FUNCTION monitoring.keep_tariff_versions();
        """;
}
