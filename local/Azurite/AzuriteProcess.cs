using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Serverless940.Local.Azurite;

/// <summary>What the system knows of an Azurite process: alive, ours, listening.</summary>
internal static partial class AzuriteProcess
{
    private const int Terminate = 15;

    /// <summary>Whether the process exists; one that ended but was not collected by its parent counts as gone.</summary>
    public static bool IsAlive(int processId)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                var stat = File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat");
                var state = stat[(stat.LastIndexOf(')') + 2)..][0];
                return state is not ('Z' or 'X');
            }
            catch (IOException)
            {
                return false;
            }
        }

        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether the process is the Azurite of this data folder: its command line names our launcher and the folder.</summary>
    public static bool IsAzuriteOf(int processId, string location)
    {
        if (!IsAlive(processId))
        {
            return false;
        }

        var command = CommandLine(processId);
        return command is null || (command.Contains("launch.cjs", StringComparison.Ordinal) && command.Contains(location, StringComparison.Ordinal));
    }

    /// <summary>Asks the process to end; on Windows, which has no such request for a process without a window, ends it.</summary>
    public static void RequestStop(int processId)
    {
        if (OperatingSystem.IsWindows())
        {
            Kill(processId);
        }
        else
        {
            _ = Signal(processId, Terminate);
        }
    }

    public static void Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // Gone already.
        }
    }

    /// <summary>
    /// Whether an Azurite answers on this loopback port. Blocks for the moment a loopback answer takes: the first use of
    /// asynchronous sockets alone would cost most of the time that adopting may take.
    /// </summary>
    public static bool Answers(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            SendTimeout = 5000,
            ReceiveTimeout = 5000,
        };
        try
        {
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            socket.Send("GET /probe HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"u8);
            Span<byte> answer = stackalloc byte[512];
            return answer[..socket.Receive(answer)].IndexOf("Azurite"u8) >= 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Ports that are free now: the wished one where it is, any other where not.</summary>
    public static int[] FreePorts(params int[] wished)
    {
        var held = new List<Socket>();
        try
        {
            return [.. wished.Select(port =>
            {
                var socket = TryBind(port) ?? TryBind(0)!;
                held.Add(socket);
                return ((IPEndPoint)socket.LocalEndPoint!).Port;
            })];
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    private static Socket? TryBind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static string? CommandLine(int processId)
    {
        var id = processId.ToString(CultureInfo.InvariantCulture);
        if (OperatingSystem.IsLinux())
        {
            try
            {
                return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
            }
            catch (IOException)
            {
                return "";
            }
        }

        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        using var ps = Process.Start(new ProcessStartInfo("ps", ["-o", "command=", "-ww", "-p", id]) { RedirectStandardOutput = true })!;
        return ps.StandardOutput.ReadToEnd();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int processId, int signal);
}
