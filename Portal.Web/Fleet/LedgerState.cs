using Portal.Contracts.Fleet;

namespace Portal.Web.Fleet;

/// <summary>What is known of a customer's delivery ledger.</summary>
/// <param name="Ledger">Null: the aggregator keeps none.</param>
public sealed record LedgerState(CustomerLedger? Ledger);
