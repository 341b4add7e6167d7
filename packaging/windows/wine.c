/* For Wine 8 only, never in a package: the function of Windows that Rust takes random numbers from. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *bytes, SIZE_T length)
{
    return RtlGenRandom(bytes, (ULONG)length);
}
