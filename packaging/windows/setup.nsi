; The setup for one user, without an administrator. Silent with /S, also its uninstall.exe.
; Exit codes: 0 done, 1 cancelled, 2 refused because SkyBackup is open.
; Made with -DVERSION, -DOUTPUT and -DSIZE_KB, in the folder with skybackup.ico and files\.

Target amd64-unicode
SetCompressor /SOLID lzma
; As large as what is packed, in MB: 8 is the default.
SetCompressorDictSize 64
RequestExecutionLevel user
ManifestDPIAware true

Name "SkyBackup"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\SkyBackup"
BrandingText "SkyBackup ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "SkyBackup"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Setup of SkyBackup"
VIAddVersionKey "LegalCopyright" "The SkyBackup authors"

!include MUI2.nsh

!define MUI_ICON "skybackup.ico"
!define MUI_UNICON "skybackup.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\skybackup.exe"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

!define NOTIFICATION_KEY "Software\Classes\AppUserModelId\com.skybackup.SkyBackup"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\SkyBackup"

; Windows lets nobody write to a program that runs. Asks to close it, or ends with code 2 when silent.
!macro WaitUntilClosed
  ${If} ${FileExists} "$INSTDIR\skybackup.exe"
    ${Do}
      ClearErrors
      FileOpen $0 "$INSTDIR\skybackup.exe" a
      ${IfNot} ${Errors}
        FileClose $0
        ${ExitDo}
      ${EndIf}
      ${If} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "SkyBackup is open. Close it, then try again." /SD IDCANCEL IDCANCEL`
        SetErrorLevel 2
        Quit
      ${EndIf}
    ${Loop}
  ${EndIf}
!macroend

Section
  !insertmacro WaitUntilClosed
  SetOutPath "$INSTDIR"
  File "files\skybackup.exe"
  File "files\licences.txt"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\SkyBackup.lnk" "$INSTDIR\skybackup.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "SkyBackup"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "The SkyBackup authors"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  ; Without it Windows shows no notifications of the program.
  WriteRegStr HKCU "${NOTIFICATION_KEY}" "DisplayName" "SkyBackup"
SectionEnd

; Removes what was installed and nothing else: settings, records and keys stay.
Section "Uninstall"
  !insertmacro WaitUntilClosed
  Delete "$INSTDIR\skybackup.exe"
  Delete "$INSTDIR\licences.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\SkyBackup.lnk"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  DeleteRegKey HKCU "${NOTIFICATION_KEY}"
SectionEnd
