namespace Portal.AppHost.Operations;

/// <summary>How a service's containers or pods are.</summary>
/// <param name="Service">Its name in the topology, such as <c>api</c>.</param>
/// <param name="IsRunning">Whether all that should run do.</param>
/// <param name="IsHealthy">Whether they also say that they are well.</param>
/// <param name="Said">The same for a person: <c>running, healthy</c>.</param>
/// <param name="Image">What runs, with its tag; empty where nothing does.</param>
/// <param name="Restarts">How often it was started again by itself.</param>
internal sealed record ServiceStatus(string Service, bool IsRunning, bool IsHealthy, string Said, string Image, int Restarts);
