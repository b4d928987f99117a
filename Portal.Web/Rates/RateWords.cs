using Portal.Contracts.Rates;

namespace Portal.Web.Rates;

/// <summary>Names in <see cref="RatesText"/> of what the API calls by a code. A code that is not known yet stands for itself.</summary>
public static class RateWords
{
    /// <summary>Of a version's state (<see cref="VersionStates"/>).</summary>
    public static string State(string code) => code switch
    {
        VersionStates.Approved => "StateApproved",
        VersionStates.Draft => "StateDraft",
        VersionStates.Withdrawn => "StateWithdrawn",
        _ => code,
    };

    /// <summary>Of a component's kind.</summary>
    public static string Kind(string code) => code switch
    {
        "energy" => "KindEnergy",
        "blocks" => "KindBlocks",
        "levy" => "KindLevy",
        "surcharge" => "KindSurcharge",
        "demand" => "KindDemand",
        "capacity" => "KindCapacity",
        "fixed" => "KindFixed",
        "reactive" => "KindReactive",
        "export" => "KindExport",
        "minimum" => "KindMinimum",
        _ => code,
    };

    /// <summary>Of a kind of day.</summary>
    public static string Day(string code) => code switch
    {
        "weekday" => "DayWeekday",
        "saturday" => "DaySaturday",
        "sunday" => "DaySunday",
        "holiday" => "DayHoliday",
        _ => code,
    };

    /// <summary>Of why time has no price.</summary>
    public static string Uncovered(string code) => code switch
    {
        "no-tariff" => "UncoveredNoTariff",
        "no-version" => "UncoveredNoVersion",
        "no-clock" => "UncoveredNoClock",
        _ => code,
    };

    /// <summary>Of a bill's note (<see cref="BillNotes"/>).</summary>
    public static string Note(string code) => code switch
    {
        BillNotes.ReactiveUnknown => "NoteReactiveUnknown",
        BillNotes.NotifiedDemandUnknown => "NoteNotifiedDemandUnknown",
        BillNotes.AmperesUnknown => "NoteAmperesUnknown",
        BillNotes.DemandHistoryShort => "NoteDemandHistoryShort",
        BillNotes.BeyondBlocks => "NoteBeyondBlocks",
        _ => code,
    };

    /// <summary>Of why a value is an estimate.</summary>
    public static string Doubt(string code) => code switch
    {
        "interpolated" => "DoubtInterpolated",
        "reset" => "DoubtReset",
        "partial" => "DoubtPartial",
        "silent" => "DoubtSilent",
        "missing" => "DoubtMissing",
        "no-reactive" => "DoubtNoReactive",
        _ => code,
    };
}
