namespace Portal.AppHost.Topology;

/// <summary>What a stack is for; the services read it as <c>Application__RunMode</c>.</summary>
internal enum RunMode
{
    /// <summary>One customer's meters.</summary>
    Client,

    /// <summary>The operators' view of every customer.</summary>
    Admin,
}
