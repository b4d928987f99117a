using System.Reflection;

namespace Portal.Gateway;

/// <summary>
/// Has the threads that hear of sockets' data (one per core) go on with what waited for it, in place of handing it to the thread pool. That is the
/// way of a service's answer; what a caller sends is handed over all the same (Kestrel does so), so that nobody can keep these threads from others
/// by sending much, or what is refused at once.
/// </summary>
internal static class InlineSockets
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// For the whole process, before its first socket; who runs it may have said otherwise. Tests that start a gateway within themselves wait in
    /// their own ways, and stay as they are.
    /// </summary>
    public static void SwitchOn()
    {
        if (Assembly.GetEntryAssembly() == typeof(InlineSockets).Assembly && Environment.GetEnvironmentVariable(Variable) is null)
            Environment.SetEnvironmentVariable(Variable, "1");
    }
}
