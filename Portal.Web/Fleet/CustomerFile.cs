using Portal.Contracts.Fleet;

namespace Portal.Web.Fleet;

/// <summary>All that the page about one customer shows but its ledger.</summary>
public sealed record CustomerFile(CustomerView Customer, CustomerDetail Detail);
