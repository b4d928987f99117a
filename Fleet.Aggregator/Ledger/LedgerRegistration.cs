namespace Fleet.Aggregator.Ledger;

internal static class LedgerRegistration
{
    public static void AddLedger(this IServiceCollection services)
    {
        services.AddSingleton<DayHashes>().AddSingleton<LedgerComparison>().AddSingleton<LedgerInstruments>();
        services.AddSingleton<LedgerReceiver>().AddSingleton<LedgerDayRows>().AddSingleton<LedgerQueries>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, LedgerJson.Default));
    }
}
