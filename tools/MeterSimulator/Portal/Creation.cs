using System.Text.Json.Nodes;

namespace MeterSimulator.Portal;

/// <summary>What became of creating something.</summary>
/// <param name="Item">As the portal has it; null if it says that it can't have it as well (409), or if its answer was lost.</param>
/// <param name="Said">Why there is no item, in the portal's words.</param>
/// <param name="IsLost">No answer came: it may be there or not.</param>
internal sealed record Creation(JsonObject? Item, string Said, bool IsLost = false);
